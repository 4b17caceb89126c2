import type { Environment } from './context';

/** GitHub sets these where the job has `id-token: write` (docs.github.com, "OpenID Connect reference"). */
const NEEDED = ['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'];

/** Whether the job may ask for a token that says who it is. */
export const hasIdentity = (environment: Environment): boolean =>
  NEEDED.every(name => (environment[name] ?? '') !== '');
