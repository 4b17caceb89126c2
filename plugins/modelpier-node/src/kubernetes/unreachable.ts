import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';

const CERTIFICATE = /CERT|SELF_SIGNED|ISSUER|ALTNAME|SIGNATURE/;

/** A failure of the connection, named by the server's host and the system's code; never with its text. */
export function asUnreachable(error: unknown, act: string, host: string): ModelpierError {
  if (error instanceof ModelpierError) return error;
  const code = systemCode(error);
  const hint = CERTIFICATE.test(code)
    ? 'the certificate authority that the kubeconfig names does not vouch for this server'
    : 'check that the API server is up and can be reached from here';
  return new ModelpierError('unreachable', `${act}: ${host} is unreachable (${code})`, {
    hint,
    cause: error,
  });
}

/** Told by shape: an error of Node itself is no `Error` of another realm, such as a test's. */
export function systemCode(error: unknown): string {
  const isCoded = typeof error === 'object' && error !== null && 'code' in error;
  return isCoded && typeof error.code === 'string' ? error.code : 'the connection failed';
}

const PASSING = ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN'];

/** Whether the same request may well succeed a moment later: a wrong host or certificate will not. */
export const isPassing = (error: unknown): boolean =>
  error instanceof ModelpierError &&
  error.code === 'unreachable' &&
  PASSING.includes(systemCode(error.cause));
