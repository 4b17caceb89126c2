import type { Answer } from './answer';
import type { AuthOptions } from './auth';
import type { Exchange } from './exchange';

/** How a vendor's registry differs from the specification; every part is optional. */
export interface Profile {
  readonly auth?: AuthOptions;
  /** Before the usual answer: throws a `Refusal`, or gives the exchange on, changed or not. */
  readonly prepare?: (exchange: Exchange) => Exchange;
  /** Over the usual answer, refusals included. */
  readonly change?: (exchange: Exchange, answer: Answer) => Answer;
}

/** The bytes that a request says it brings. */
export const announcedBytes = ({ headers }: Exchange): number => Number(headers['content-length'] ?? 0);

export const isUploadPart = ({ method, url }: Exchange): boolean =>
  method === 'PATCH' && url.pathname.includes('/blobs/uploads/');

/** The upload that a request is about. */
export const uploadOf = ({ registry, url }: Exchange) =>
  registry.uploads.get(/\/blobs\/uploads\/([^/]+)$/.exec(url.pathname)?.[1] ?? '');
