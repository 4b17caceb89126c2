import {
  type ErrorCode,
  ModelpierError,
  parseWith,
  type Problem,
  problem,
} from '@modelpier/backstage-plugin-modelpier-common';

const CODES: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  429: 'rate-limited',
  504: 'timeout',
};

const HINTS: Readonly<Record<number, string>> = {
  401: 'Sign in again.',
  403: 'Ask the portal team for permission to read this model.',
  404: 'Check that the modelpier backend plugin is installed and that the entity exists.',
  429: 'Wait a moment before you refresh again.',
};

/** Reads problem details (RFC 9457); a proxy's or Backstage's own error body leaves only its status. */
export async function problemError(act: string, response: Response): Promise<ModelpierError> {
  const told = await readProblem(response);
  const fallback = response.statusText || `status ${response.status}`;
  return new ModelpierError(
    CODES[response.status] ?? (isProxy(told, response) ? 'unreachable' : codeOf(response)),
    `${act}: ${told?.detail ?? told?.title ?? fallback}`,
    { hint: told?.hint ?? HINTS[response.status] },
  );
}

/** With 502 the backend tells that another refused; what else goes wrong there may have been half done. */
const codeOf = ({ status }: Response): ErrorCode =>
  status >= 500 && status !== 502 ? 'internal' : 'upstream';

/** Who answers so without a problem of ours stands before the backend, and did not reach it. */
const isProxy = (told: Problem | undefined, { status }: Response): boolean =>
  told === undefined && (status === 502 || status === 503);

async function readProblem(response: Response): Promise<Problem | undefined> {
  try {
    return parseWith(problem, await response.json(), 'problem');
  } catch {
    return undefined;
  }
}
