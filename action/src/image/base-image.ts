import {
  type Digest,
  formatPlatform,
  formatReference,
  type ImageConfig,
  type Index,
  isIndex,
  type Manifest,
  ModelpierError,
  OCI_CONFIG,
  DOCKER_CONFIG,
  type Platform,
  platformMatches,
  type Reference,
} from '@modelpier/backstage-plugin-modelpier-common';
import {
  type BlobReader,
  type ManifestReader,
  type StoredManifest,
  type Waiting,
  readImageConfig,
} from '@modelpier/backstage-plugin-modelpier-node';

/** The image that a model's layers are put on; of its layers only the descriptors are here. */
export interface BaseImage {
  /** As it was asked for. */
  readonly reference: Reference;
  /** As it was asked for; the config may be more exact. */
  readonly platform: Platform;
  /** Of the manifest for the platform, also where the reference names an index. */
  readonly digest: Digest;
  readonly manifest: Manifest;
  readonly config: ImageConfig;
  /** The config with the fields that we do not know, which the child keeps. */
  readonly configDocument: Readonly<Record<string, unknown>>;
}

/** A base by its name, for every platform that was asked for. */
export interface ResolvedBase {
  readonly reference: Reference;
  /** Of the manifest or index that the reference names: it pins every platform. */
  readonly digest: Digest;
  readonly images: readonly BaseImage[];
}

interface ResolveOptions extends Waiting {
  readonly platforms: readonly Platform[];
  /** A tag moves, so whoever wants repeatable builds refuses one. */
  readonly requireDigest?: boolean | undefined;
}

type BaseReader = ManifestReader & BlobReader;

/** The base for each platform: manifests and configs; its layers stay where they are. */
export async function resolveBases(
  registry: BaseReader,
  reference: Reference,
  { platforms, requireDigest = false, signal }: ResolveOptions,
): Promise<ResolvedBase> {
  const name = formatReference(reference);
  const stored = await registry.getManifest(reference, reference.digest ?? reference.tag ?? 'latest', {
    signal,
  });
  if (requireDigest && reference.digest === undefined) {
    throw new ModelpierError(
      'invalid-input',
      `base-image ${name} is named by a tag, and require-digest is set`,
      {
        hint: `write base-image: ${formatReference({ ...reference, digest: stored.digest })}`,
      },
    );
  }
  const images: BaseImage[] = [];
  for (const platform of platforms) {
    const base = await readBase(registry, stored, { reference, platform, signal });
    const twin = images.find(({ digest }) => digest === base.digest);
    if (twin !== undefined) throw sameImage(twin.platform, platform, name);
    images.push(base);
  }
  return { reference, digest: stored.digest, images };
}

async function readBase(
  registry: BaseReader,
  stored: StoredManifest,
  { reference, platform, signal }: { reference: Reference; platform: Platform } & Waiting,
): Promise<BaseImage> {
  const name = formatReference(reference);
  const { digest, document } = isIndex(stored.document)
    ? await registry.getManifest(reference, chooseManifest(stored.document, platform, name), { signal })
    : stored;
  if (isIndex(document)) throw unusable(name, 'its index points to another index');
  assertImage(document, name);
  const { document: configDocument, config } = await readImageConfig(registry, reference, {
    descriptor: document.config,
    name,
    signal,
  });
  assertUsable({ manifest: document, config }, platform, name);
  return { reference, platform, digest, manifest: document, config, configDocument };
}

const sameImage = (one: Platform, other: Platform, name: string): ModelpierError =>
  new ModelpierError(
    'invalid-input',
    `base-image ${name} has one image for ${formatPlatform(one)} and ${formatPlatform(other)}`,
    { hint: 'name each platform once' },
  );

function chooseManifest({ manifests }: Index, wanted: Platform, name: string): Digest {
  const found = manifests.find(({ platform }) => platform !== undefined && platformMatches(platform, wanted));
  if (found !== undefined) return found.digest;
  const offered = manifests.flatMap(({ platform }) =>
    platform === undefined ? [] : [formatPlatform(platform)],
  );
  throw new ModelpierError('not-found', `base-image ${name} is not there for ${formatPlatform(wanted)}`, {
    hint: `it is there for ${[...new Set(offered)].filter(text => !text.startsWith('unknown')).join(', ')}`,
  });
}

/** An artifact, such as a signature or a chart, has a manifest too. */
function assertImage({ config, layers }: Manifest, name: string): void {
  if (config.mediaType !== OCI_CONFIG && config.mediaType !== DOCKER_CONFIG) {
    throw unusable(name, `it is no container image: its config is ${config.mediaType}`);
  }
  if (layers.some(({ urls = [] }) => urls.length > 0)) {
    throw unusable(name, 'it has layers that may not be pushed (foreign layers, as Windows images have)');
  }
}

function assertUsable(
  { manifest, config }: Pick<BaseImage, 'manifest' | 'config'>,
  platform: Platform,
  name: string,
): void {
  if (!platformMatches(config, platform)) {
    throw unusable(name, `it is built for ${formatPlatform(config)}, not for ${formatPlatform(platform)}`);
  }
  if (config.rootfs.diff_ids.length !== manifest.layers.length) {
    throw unusable(name, `${manifest.layers.length} layers, but ${config.rootfs.diff_ids.length} diff ids`);
  }
}

const unusable = (name: string, reason: string): ModelpierError =>
  new ModelpierError('unsupported', `base-image ${name} cannot be built upon: ${reason}`);
