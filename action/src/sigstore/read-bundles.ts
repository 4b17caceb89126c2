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

/** The bundles that refer to an image, by whomever; nothing of them is verified yet. */
export async function readBundles(
  registry: BundleReader,
  repository: Repository,
  { image, signal }: Waiting & { readonly image: Digest },
): Promise<readonly Uint8Array[]> {
  const referrers = await registry.listReferrers(repository, image, { artifactType: BUNDLE_TYPE, signal });
  const bundles: Uint8Array[] = [];
  for (const { digest } of referrers.slice(-MOST_BUNDLES)) {
    const { document } = await registry.getManifest(repository, digest, { signal });
    const [layer] = 'layers' in document ? document.layers : [];
    if (layer === undefined || !isBundle(layer)) continue;
    bundles.push(await registry.readBlob(repository, layer, { signal, maxBytes: MOST_BUNDLE_BYTES }));
  }
  return bundles;
}

const isBundle = ({ mediaType, size }: Descriptor): boolean =>
  mediaType === BUNDLE_TYPE && size <= MOST_BUNDLE_BYTES;
