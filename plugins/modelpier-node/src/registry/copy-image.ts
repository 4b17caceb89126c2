import {
  type Descriptor,
  type Digest,
  type Fate,
  isIndex,
  isIndexMediaType,
  isManifestMediaType,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import { copyBlob } from './copy-blob';
import type {
  BlobReader,
  BlobWriter,
  ManifestReader,
  ManifestWriter,
  StoredManifest,
  Waiting,
} from './ports';

/** As many as a push sends at once. */
const CONCURRENT_BLOBS = 4;

export interface ImageCopy extends Waiting {
  readonly from: Repository;
  /** A tag or a digest; an index goes with every image that it lists. */
  readonly tagOrDigest: string;
  readonly to: Repository;
  /** Written when all the rest is there; without one, the image is found by its digest only. */
  readonly tags: readonly string[];
}

export interface CopiedImage {
  readonly digest: Digest;
  readonly blobs: readonly CopiedBlob[];
}
export interface CopiedBlob {
  readonly descriptor: Descriptor;
  readonly fate: Exclude<Fate, 'uploaded'>;
}

type Registry = BlobReader & BlobWriter & ManifestReader & ManifestWriter;

/**
 * Copies an image, byte for byte, to another repository of this or of another registry. What is there
 * already does not move, and blobs of the same registry are mounted.
 */
export async function copyImage(registry: Registry, copy: ImageCopy): Promise<CopiedImage> {
  const { to, tags, signal } = copy;
  const blobs = new Map<Digest, CopiedBlob>();
  const top = await copyTree(registry, copy, blobs);
  for (const tag of tags) await registry.putManifest(to, tag, top, { signal });
  return { digest: top.digest, blobs: [...blobs.values()] };
}

/** What a manifest points to goes first, then the manifest. */
async function copyTree(
  registry: Registry,
  copy: ImageCopy,
  blobs: Map<Digest, CopiedBlob>,
): Promise<StoredManifest> {
  const { from, tagOrDigest, to, signal } = copy;
  const stored = await registry.getManifest(from, tagOrDigest, { signal });
  if (isIndex(stored.document)) {
    for (const { mediaType, digest } of stored.document.manifests) {
      if (!isIndexMediaType(mediaType) && !isManifestMediaType(mediaType)) continue;
      await copyTree(registry, { ...copy, tagOrDigest: digest }, blobs);
    }
  } else {
    const { config, layers } = stored.document;
    await copyBlobs(registry, copy, { blobs, wanted: [config, ...layers] });
  }
  await registry.putManifest(to, stored.digest, stored, { signal });
  return stored;
}

async function copyBlobs(
  registry: Registry,
  { from, to, signal }: ImageCopy,
  { blobs, wanted }: { blobs: Map<Digest, CopiedBlob>; wanted: readonly Descriptor[] },
): Promise<void> {
  const stop = new AbortController();
  const ended = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const left = wanted.filter(isOwn).filter(({ digest }) => !blobs.has(digest));
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      if (blobs.has(next.digest)) continue;
      blobs.set(next.digest, { descriptor: next, fate: 'present' });
      const fate = await copyBlob(registry, next, { from, to, signal: ended });
      blobs.set(next.digest, { descriptor: next, fate });
    }
  };
  const workers = Array.from({ length: CONCURRENT_BLOBS }, () =>
    work().catch((error: unknown) => {
      // The first failure ends the others, and is the one that is told.
      if (!stop.signal.aborted) stop.abort(error);
    }),
  );
  await Promise.all(workers);
  stop.signal.throwIfAborted();
}

/** Foreign layers, as Windows images have, are fetched from elsewhere and may not be pushed. */
const isOwn = ({ urls = [] }: Descriptor): boolean => urls.length === 0;
