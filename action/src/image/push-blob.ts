import { Readable } from 'node:stream';
import {
  type Descriptor,
  type Fate,
  hasCode,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import {
  type BlobReader,
  type BlobSource,
  type BlobWriter,
  remoteBlob,
} from '@modelpier/backstage-plugin-modelpier-node';

/** A blob and where its bytes are: in another repository, or here. */
export type PushedBlob = (
  | { readonly origin: 'base'; readonly descriptor: Descriptor; readonly repository: Repository }
  | { readonly origin: 'own'; readonly source: BlobSource }
) & {
  /** A repository that has the blob by now, and may be nearer. */
  readonly alsoIn?: Repository | undefined;
};

export interface PushOptions {
  readonly target: Repository;
  /** Only tells what would happen to the blob. */
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  /** Called with 0 when the first byte is about to go. */
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
  const near = repositoriesOf(blob).find(({ registry: host }) => host === target.registry);
  if (near !== undefined) {
    if (dryRun || (await registry.mountBlob(target, descriptor.digest, near, { signal }))) return 'mounted';
  }
  if (!dryRun) {
    const source =
      blob.origin === 'own' ? blob.source : remoteBlob(registry, blob.repository, descriptor, { signal });
    onProgress(0);
    await registry.uploadBlob(target, source, { signal, onProgress });
  }
  return blob.origin === 'own' ? 'uploaded' : 'copied';
}

const repositoriesOf = (blob: PushedBlob): readonly Repository[] => [
  ...(blob.alsoIn === undefined ? [] : [blob.alsoIn]),
  ...(blob.origin === 'base' ? [blob.repository] : []),
];

/** Some registries refuse to look into a repository that is yet to be made; the upload will tell. */
export async function isPresent(
  registry: BlobReader,
  { digest }: Pick<Descriptor, 'digest'>,
  { target, signal }: PushOptions,
): Promise<boolean> {
  try {
    return await registry.hasBlob(target, digest, { signal });
  } catch (error) {
    if (hasCode(error, 'unauthorized', 'forbidden', 'not-found')) return false;
    throw error;
  }
}

/** A small document as something to send. */
export const bytesSource = (descriptor: Descriptor, bytes: Uint8Array): BlobSource => ({
  descriptor,
  open: offset => Readable.from([bytes.subarray(offset)]),
});
