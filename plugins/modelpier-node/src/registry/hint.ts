import type { RegistryTraits } from './traits';

export interface Refused {
  readonly status: number;
  readonly method: string;
  /** Host and port, as the user wrote them. */
  readonly host: string;
  /** Of the repository, where there is one. */
  readonly path: string | undefined;
  /** The registry's own words. */
  readonly reason: string;
  readonly hasCredential: boolean;
  readonly traits: RegistryTraits;
}

/** Harbor and others say so with 403, 412 or 400, and only in words. */
const IS_FULL = /quota|storage resource|configured upper limit/i;

/** What the reader should do about a refusal. */
export function hintFor(refused: Refused): string | undefined {
  const { status, host, reason } = refused;
  if (status >= 400 && status < 500 && IS_FULL.test(reason)) {
    return `the storage quota of this project on ${host} is used up: delete images and collect the garbage, or have the quota raised`;
  }
  return HINTS[status]?.(refused);
}

const HINTS: Readonly<Record<number, (refused: Refused) => string | undefined>> = {
  400: ({ reason }) =>
    reason.includes('DIGEST_INVALID')
      ? 'the bytes that arrived are not those that were hashed: a file changed meanwhile, or something in between changed them'
      : undefined,
  401: ({ host, hasCredential }) =>
    hasCredential
      ? `${host} refused the credential: check the user name, the password or token, and that it has not expired`
      : `log in to ${host} first, with docker/login-action or the inputs username and password`,
  403: ({ host }) =>
    host === 'ghcr.io'
      ? "add `packages: write` to the job's permissions, and let the repository write to the package"
      : `let this user read and write the repository on ${host}`,
  404: absentHint,
  413: () =>
    'the registry, or a proxy before it, limits the size of an upload: raise the limit, or split the model into smaller files',
  429: ({ host, hasCredential }) =>
    hasCredential
      ? `${host} limits the number of requests: try again later`
      : `${host} limits the number of anonymous requests: log in, or try again later`,
};

function absentHint({ method, host, path, traits }: Refused): string {
  const isPush = method === 'POST' || method === 'PUT' || method === 'PATCH';
  if (!isPush) return 'check the name; a private repository looks absent to those who may not read it';
  const command = path === undefined ? undefined : traits.createRepository?.(path);
  return command === undefined
    ? `create the repository first: ${host} does not make one at the first push`
    : `create the repository first: ${command}`;
}
