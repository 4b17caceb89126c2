import type { StoredObject } from '../object';
import { badRequest, expired } from '../refused';
import { fieldMatcher, labelMatcher, type Matches } from '../selector';
import type { Store } from '../store';
import { inVersion } from '../writer';
import type { Target } from './route';

export function matcherOf(query: URLSearchParams): Matches {
  const byLabel = labelMatcher(query.get('labelSelector') ?? undefined);
  const byField = fieldMatcher(query.get('fieldSelector') ?? undefined);
  return object => byLabel(object) && byField(object);
}

interface Token {
  readonly resourceVersion: number;
  readonly after: string;
}

/** A page of a list; the continue token holds the version of its first page and the last key. */
export function listObjects(store: Store, target: Target, query: URLSearchParams): unknown {
  const token = readToken(store, query.get('continue'));
  const limit = Number(query.get('limit') ?? 0);
  const matches = matcherOf(query);
  const all = store.list(target.resource, target.namespace).filter(matches);
  const left = token === undefined ? all : all.filter(object => keyOf(object) > token.after);
  const page = limit > 0 ? left.slice(0, limit) : left;
  const last = page.at(-1);
  const resourceVersion = token?.resourceVersion ?? store.resourceVersion;
  const more =
    last === undefined || page.length === left.length
      ? {}
      : {
          continue: writeToken({ resourceVersion, after: keyOf(last) }),
          remainingItemCount: left.length - page.length,
        };
  return {
    kind: `${target.resource.kind}List`,
    apiVersion: target.apiVersion,
    metadata: { resourceVersion: String(resourceVersion), ...more },
    items: page.map(object => asItem(inVersion(target.resource, object, target.version))),
  };
}

/** Items of a list do not repeat what the list says of them. */
function asItem(object: StoredObject): unknown {
  return { ...object, apiVersion: undefined, kind: undefined };
}

const keyOf = ({ metadata }: StoredObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;

const writeToken = (token: Token): string => Buffer.from(JSON.stringify(token)).toString('base64url');

function readToken(store: Store, text: string | null): Token | undefined {
  if (text === null || text === '') return undefined;
  let token: Token;
  try {
    token = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Token;
  } catch {
    throw badRequest('invalid continue token: continue key is not valid');
  }
  if (token.resourceVersion < store.forgotten) {
    throw expired(
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
    );
  }
  return token;
}
