import type { IncomingMessage } from 'node:http';
import type { BlobStore, StoredUpload } from './blob-store';
import type { Repositories } from './repositories';

/** What every handler works on. */
export interface Registry {
  readonly blobs: BlobStore;
  readonly repositories: Repositories;
  readonly uploads: Map<string, Upload>;
  /** At most this many tags in an answer, whatever was asked for. */
  readonly tagsPerPage: number;
}

export interface Upload {
  readonly repository: string;
  readonly stored: StoredUpload;
}

/** One request on its way through the handlers. */
export interface Exchange {
  readonly registry: Registry;
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  /** The body as it arrives; ends with an error where the connection breaks. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Whether this user may pull from another repository, for mounts. */
  readonly mayPull: (repository: string) => boolean;
}
