import { list, object, parseWith, type Repository, text } from '@modelpier/backstage-plugin-modelpier-common';

/** The rights a request needs, as token servers name them. */
export const pullScope = ({ path }: Repository): string => `repository:${path}:pull`;
export const pushScope = ({ path }: Repository): string => `repository:${path}:pull,push`;
/** To list every repository; few registries give it to everybody. */
export const CATALOG_SCOPE = 'registry:catalog:*';

/** Whether rights that were granted include the wanted ones. */
export function coversScopes(granted: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every(want => granted.some(grant => coversScope(grant, want)));
}

function coversScope(grant: string, want: string): boolean {
  const [grantName, grantActions] = splitScope(grant);
  const [wantName, wantActions] = splitScope(want);
  return (
    grantName === wantName &&
    wantActions.every(action => grantActions.includes(action) || grantActions.includes('*'))
  );
}

/** The last colon, for a repository's name may hold a port. */
function splitScope(scope: string): [name: string, actions: readonly string[]] {
  const colon = scope.lastIndexOf(':');
  return [scope.slice(0, colon), scope.slice(colon + 1).split(',')];
}

/** distribution, "Docker Registry v2 Authentication Specification: Bearer token". */
const tokenClaims = object({ access: list(object({ type: text, name: text, actions: list(text) })) });

/** What a JSON web token says it gives; `undefined` for tokens that only their registry can read. */
export function scopesOfToken(token: string): readonly string[] | undefined {
  const payload = token.split('.')[1];
  if (payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const { access } = parseWith(tokenClaims, claims, 'token');
    return access.map(({ type, name, actions }) => `${type}:${name}:${actions.join(',')}`);
  } catch {
    return undefined;
  }
}
