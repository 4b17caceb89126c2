import {
  type ErrorCode,
  ModelpierError,
  type SourceState,
} from '@modelpier/backstage-plugin-modelpier-common';

const STATES: Readonly<Partial<Record<ErrorCode, SourceState>>> = {
  unreachable: 'unreachable',
  unauthorized: 'unauthorized',
  forbidden: 'forbidden',
  timeout: 'timeout',
  cancelled: 'timeout',
};

export interface Failure {
  readonly state: SourceState;
  readonly message: string;
}

/** What the portal says of a source that a collection could not read. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { state: 'error', message: String(error) };
  if (error.name === 'AbortError' || error.name === 'TimeoutError') {
    return { state: 'timeout', message: 'the collection took longer than it may' };
  }
  if (!(error instanceof ModelpierError)) return { state: 'error', message: error.message };
  const message = error.hint === undefined ? error.message : `${error.message} (${error.hint})`;
  return { state: STATES[error.code] ?? 'error', message };
}
