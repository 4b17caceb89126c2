import {
  type Digest,
  formatPlatform,
  formatReference,
  formatRepository,
  type ImageConfig,
  isIndex,
  ModelpierError,
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
import type { AssembledImage } from '../image/assemble';
import type { Publication } from '../image/assemble-index';

/** An image as it came into the registry. */
export interface PushedImage extends AssembledImage {
  readonly platform: Platform;
  readonly content: ImageConfig;
}

export interface Pushed extends Publication {
  readonly images: readonly PushedImage[];
}

interface ReadOptions extends Waiting {
  /** What the builder says it has pushed. */
  readonly digest: Digest;
  readonly platforms: readonly Platform[];
}

type Reader = ManifestReader & BlobReader;

/** Reads what a builder has pushed, and fails where the registry holds something else under the tag. */
export async function readPushed(
  registry: Reader,
  reference: Reference,
  { digest, platforms, signal }: ReadOptions,
): Promise<Pushed> {
  const there = await registry.headManifest(reference, reference.tag ?? digest, { signal });
  if (there?.digest !== digest) {
    const found = there === undefined ? 'nothing' : there.digest;
    throw new ModelpierError(
      'digest-mismatch',
      `${formatReference(reference)}: the builder pushed ${digest}, the registry has ${found}`,
      { hint: 'let no other run push this tag at the same time, and run again' },
    );
  }
  const root = await registry.getManifest(reference, digest, { signal });
  const images: PushedImage[] = [];
  for (const platform of platforms)
    images.push(await readImage(registry, root, { reference, platform, signal }));
  return { root, images };
}

async function readImage(
  registry: Reader,
  root: StoredManifest,
  { reference, platform, signal }: { reference: Reference; platform: Platform } & Waiting,
): Promise<PushedImage> {
  const { digest, bytes, document } = isIndex(root.document)
    ? await registry.getManifest(reference, childOf(root, platform, reference), { signal })
    : root;
  if (isIndex(document)) throw lacks(platform, reference);
  const { bytes: configBytes, config: content } = await readImageConfig(registry, reference, {
    descriptor: document.config,
    name: `${formatRepository(reference)}@${digest}`,
    signal,
  });
  if (!platformMatches(content, platform)) throw lacks(platform, reference);
  return {
    platform,
    digest,
    manifest: document,
    manifestBytes: bytes,
    config: document.config,
    configBytes,
    content,
  };
}

function childOf({ document }: StoredManifest, wanted: Platform, reference: Reference): Digest {
  const found = isIndex(document)
    ? document.manifests.find(({ platform }) => platform !== undefined && platformMatches(platform, wanted))
    : undefined;
  if (found === undefined) throw lacks(wanted, reference);
  return found.digest;
}

const lacks = (platform: Platform, reference: Reference): ModelpierError =>
  new ModelpierError(
    'upstream',
    `${formatReference(reference)}: the builder pushed no image for ${formatPlatform(platform)}`,
    { hint: 'name in platforms what the Dockerfile can be built for' },
  );
