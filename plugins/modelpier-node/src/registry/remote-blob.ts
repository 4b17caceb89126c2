import type { Descriptor, Repository } from '@modelpier/backstage-plugin-modelpier-common';
import { skip } from './body';
import type { BlobReader, BlobSource, Waiting } from './ports';

/** A blob of one registry as the source of an upload to another; never more than a few chunks in memory. */
export const remoteBlob = (
  reader: BlobReader,
  repository: Repository,
  descriptor: Descriptor,
  options: Waiting = {},
): BlobSource => ({
  descriptor,
  // All of it is read again, for only the whole can be checked against its digest.
  open: async function* (offset) {
    yield* skip(await reader.openBlob(repository, descriptor, options), offset);
  },
});
