import { Readable } from 'node:stream';
import {
  type Descriptor,
  type Fate,
  hasCode,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { BlobReader, BlobSource, BlobWriter } from '@modelpier/backstage-plugin-modelpier-node';

/** A blob and where its bytes are: in another repository, or here. */
export type PushedBlob =
  | { readonly origin: 'base'; readonly descriptor: Descriptor; readonly repository: Repository }
  | { readonly origin: 'own'; readonly source: BlobSource };

interface PushOptions {
  readonly target: Repository;
  /** Only tells what would happen to the blob. */
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (sentBytes: number) => void;
}

/** Sees to it that the target repository has the blob, by moving as few bytes as can be. */
export async function pushBlob(
  registry: BlobReader & BlobWriter,
  blob: PushedBlob,
  options: PushOptions,
): Promise<Fate> {
  const { target, dryRun, signal, onProgress } = options;
  const { descriptor } = blob.origin === 'base' ? blob : blob.source;
  if (await isPresent(registry, descriptor, options)) return 'present';
  if (blob.origin === 'own') {
    if (!dryRun) await registry.uploadBlob(target, blob.source, { signal, onProgress });
    return 'uploaded';
  }
  if (blob.repository.registry === target.registry) {
    if (dryRun || (await registry.mountBlob(target, descriptor.digest, blob.repository, { signal })))
      return 'mounted';
  }
  if (!dryRun) {
    const source = remoteSource(registry, blob.repository, descriptor, signal);
    await registry.uploadBlob(target, source, { signal, onProgress });
  }
  return 'copied';
}

/** Some registries refuse to look into a repository that is yet to be made; the upload will tell. */
async function isPresent(
  registry: BlobReader,
  { digest }: Descriptor,
  { target, signal }: PushOptions,
): Promise<boolean> {
  try {
    return await registry.hasBlob(target, digest, { signal });
  } catch (error) {
    if (hasCode(error, 'unauthorized', 'forbidden', 'not-found')) return false;
    throw error;
  }
}

/** A blob of a registry as something to send: its bytes pass through, a few at a time. */
function remoteSource(
  registry: BlobReader,
  repository: Repository,
  descriptor: Descriptor,
  signal: AbortSignal,
): BlobSource {
  const read = async function* (offset: number): AsyncGenerator<Uint8Array, void> {
    let skip = offset;
    const bytes = await registry.openBlob(repository, descriptor, { signal });
    for await (const chunk of bytes as AsyncIterable<Uint8Array>) {
      if (skip < chunk.length) yield chunk.subarray(skip);
      skip = Math.max(0, skip - chunk.length);
    }
  };
  return { descriptor, open: offset => Readable.from(read(offset), { objectMode: false }) };
}

/** A small document as something to send. */
export const bytesSource = (descriptor: Descriptor, bytes: Uint8Array): BlobSource => ({
  descriptor,
  open: offset => Readable.from([bytes.subarray(offset)], { objectMode: false }),
});
