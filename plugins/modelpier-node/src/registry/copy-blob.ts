import {
  type Descriptor,
  type Fate,
  hasCode,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { BlobReader, BlobWriter, Waiting } from './ports';
import { remoteBlob } from './remote-blob';

export interface BlobCopy extends Waiting {
  readonly from: Repository;
  readonly to: Repository;
  readonly onProgress?: ((sentBytes: number) => void) | undefined;
}

/** Sees to it that one repository has a blob of another: it is there, is mounted, or its bytes pass through. */
export async function copyBlob(
  registry: BlobReader & BlobWriter,
  descriptor: Descriptor,
  { from, to, onProgress, signal }: BlobCopy,
): Promise<Exclude<Fate, 'uploaded'>> {
  if (await isPresent(registry, descriptor, { to, signal })) return 'present';
  if (await registry.mountBlob(to, descriptor.digest, from, { signal })) return 'mounted';
  const source = remoteBlob(registry, from, descriptor, { signal });
  await registry.uploadBlob(to, source, { signal, ...(onProgress !== undefined && { onProgress }) });
  return 'copied';
}

/** Some registries refuse to look into a repository that is yet to be made; the upload will tell. */
async function isPresent(
  registry: BlobReader,
  { digest }: Descriptor,
  { to, signal }: Pick<BlobCopy, 'to'> & Waiting,
): Promise<boolean> {
  try {
    return await registry.hasBlob(to, digest, { signal });
  } catch (error) {
    if (hasCode(error, 'unauthorized', 'forbidden', 'not-found')) return false;
    throw error;
  }
}
