import {
  type Descriptor,
  type Digest,
  DOCKER_CONFIG,
  formatPlatform,
  formatRepository,
  hasCode,
  type Index,
  isIndex,
  isManifestMediaType,
  type Manifest,
  ModelpierError,
  OCI_CONFIG,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import {
  type BlobReader,
  type ManifestReader,
  type StoredManifest,
  type Waiting,
  readImageConfig,
} from '@modelpier/backstage-plugin-modelpier-node';
import type { FetchedManifest, KeptConfig } from '../domain/fetched-manifest';
import { readStartSettings } from '../domain/start-settings';

export type ImageReader = ManifestReader & Pick<BlobReader, 'readBlob'>;

/** An index of more images than there are platforms is not worth what it would cost to read. */
const MAX_CHILDREN = 64;
/** Container runtimes give up at 127; a manifest of thousands is there to fill the database. */
const MAX_LAYERS = 1000;

/** The manifests behind a digest that are not known yet: the image, or the index and its images. */
export async function fetchVersion(
  reader: ImageReader,
  repository: Repository,
  wanted: Digest,
  { isKnown, signal }: { isKnown: (digest: Digest) => boolean } & Waiting,
): Promise<readonly FetchedManifest[]> {
  const top = await reader.getManifest(repository, wanted, { signal });
  if (!isIndex(top.document)) {
    return [await readImage(reader, repository, { ...top, document: top.document }, { signal })];
  }
  const children = imagesOf(top.document);
  const images: FetchedManifest[] = [];
  const missing = new Set<Digest>();
  for (const child of children.filter(each => !isKnown(each))) {
    const stored = await getChild(reader, repository, child, { signal });
    if (stored === undefined) {
      missing.add(child);
      continue;
    }
    const { document } = stored;
    if (isIndex(document)) throw new ModelpierError('unsupported', `${wanted} is an index inside an index`);
    images.push(await readImage(reader, repository, { ...stored, document }, { signal }));
  }
  if (missing.size > 0 && missing.size === children.length) {
    throw new ModelpierError('not-found', `none of the images of the index ${wanted} is there`);
  }
  const present = children.filter(child => !missing.has(child));
  return [...images, indexRow(top, top.document, present)];
}

/** Copies of one platform leave the others out of the repository, and the index as it was. */
async function getChild(
  reader: ImageReader,
  repository: Repository,
  child: Digest,
  { signal }: Waiting,
): Promise<StoredManifest | undefined> {
  try {
    return await reader.getManifest(repository, child, { signal });
  } catch (error) {
    if (hasCode(error, 'not-found')) return undefined;
    throw error;
  }
}

const indexRow = (
  { digest: own, mediaType }: StoredManifest,
  document: Index,
  children: readonly Digest[],
): FetchedManifest => ({
  digest: own,
  mediaType,
  annotations: document.annotations ?? {},
  platform: null,
  config: null,
  layers: [],
  children,
});

/** BuildKit keeps its attestations beside the images, on a platform that no machine has. */
function imagesOf(document: Index): readonly Digest[] {
  const images = document.manifests.filter(
    ({ mediaType, platform, annotations }) =>
      isManifestMediaType(mediaType) &&
      platform?.os !== 'unknown' &&
      annotations?.['vnd.docker.reference.type'] === undefined,
  );
  if (images.length > MAX_CHILDREN)
    throw new ModelpierError(
      'too-large',
      `the index lists ${images.length} images; at most ${MAX_CHILDREN} are read`,
    );
  return [...new Set(images.map(each => each.digest))];
}

async function readImage(
  reader: ImageReader,
  repository: Repository,
  { digest: own, mediaType, document: image }: StoredManifest & { readonly document: Manifest },
  { signal }: Waiting,
): Promise<FetchedManifest> {
  if (image.layers.length > MAX_LAYERS)
    throw new ModelpierError(
      'too-large',
      `the manifest ${own} lists ${image.layers.length} layers; at most ${MAX_LAYERS} are read`,
    );
  const config = await readConfig(reader, repository, image.config, { signal });
  return {
    digest: own,
    mediaType,
    annotations: image.annotations ?? {},
    platform: config?.platform ?? null,
    config: config === null ? null : { digest: image.config.digest, document: config.kept },
    layers: image.layers.filter(({ urls }) => urls === undefined || urls.length === 0),
    children: [],
  };
}

async function readConfig(
  reader: ImageReader,
  repository: Repository,
  descriptor: Descriptor,
  { signal }: Waiting,
): Promise<{ platform: string; kept: KeptConfig } | null> {
  if (![OCI_CONFIG, DOCKER_CONFIG].includes(descriptor.mediaType)) return null;
  const name = `${formatRepository(repository)}@${descriptor.digest}`;
  const { config } = await readImageConfig(reader, repository, { descriptor, name, signal });
  return {
    platform: formatPlatform(config),
    kept: {
      created: config.created,
      labels: config.config?.Labels ?? {},
      diffIds: config.rootfs.diff_ids,
      starts: readStartSettings(config),
    },
  };
}
