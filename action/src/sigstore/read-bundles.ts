import type { Descriptor, Digest, Repository } from '@modelpier/backstage-plugin-modelpier-common';
import type {
  BlobReader,
  ManifestReader,
  ReferrerLister,
  Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';

/** How cosign from version 3 on, and GitHub, keep signatures: bundles that refer to the image. */
export const BUNDLE_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const MOST_BUNDLE_BYTES = 1024 * 1024;
/** Anyone who may push can add some; so many are looked at. */
const MOST_BUNDLES = 50;

export type BundleReader = ManifestReader & BlobReader & ReferrerLister;

/** Reads a bundle; throws where it cannot be had, which says nothing of the others. */
export type ReadBundle = () => Promise<Uint8Array>;

/** The bundles that refer to an image, by whomever; nothing of them is read or verified yet. */
export async function findBundles(
  registry: BundleReader,
  repository: Repository,
  { image, signal }: Waiting & { readonly image: Digest },
): Promise<readonly ReadBundle[]> {
  const referrers = await registry.listReferrers(repository, image, { artifactType: BUNDLE_TYPE, signal });
  return referrers.slice(-MOST_BUNDLES).map(
    ({ digest }) =>
      () =>
        readBundle(registry, repository, { digest, signal }),
  );
}

async function readBundle(
  registry: ManifestReader & BlobReader,
  repository: Repository,
  { digest, signal }: Waiting & { readonly digest: Digest },
): Promise<Uint8Array> {
  const { document } = await registry.getManifest(repository, digest, { signal });
  const [layer] = 'layers' in document ? document.layers : [];
  if (layer === undefined || !isBundle(layer))
    throw new TypeError(`${digest} holds no bundle of 1 MiB or less`);
  return registry.readBlob(repository, layer, { signal, maxBytes: MOST_BUNDLE_BYTES });
}

const isBundle = ({ mediaType, size }: Descriptor): boolean =>
  mediaType === BUNDLE_TYPE && size <= MOST_BUNDLE_BYTES;
