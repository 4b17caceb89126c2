import type { BackstageCredentials, PermissionsService } from '@backstage/backend-plugin-api';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { isWithin } from '../domain/within';

/** Models that a caller's own catalog shows; `all` where no rule hides any. */
export type Visibility = 'all' | ReadonlySet<string>;

export interface VisibilityDeps {
  readonly permissions: PermissionsService;
  readonly catalog: Pick<CatalogService, 'streamEntities'>;
  readonly entityTypes: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What an entity reference is made of. */
export const NAME_FIELDS = ['kind', 'metadata.namespace', 'metadata.name'];

/** Somebody who pages through a list asks the catalog for all of its models once. */
const KEPT_MS = 30_000;
/** Each may hold thousands of references. */
const MOST_KEPT = 100;

interface Kept {
  readonly at: number;
  readonly refs: Promise<ReadonlySet<string>>;
}

/** Asks the permissions first, as the catalog itself does: only where a rule decides are entities listed. */
export function createVisibility(
  deps: VisibilityDeps,
): (credentials: BackstageCredentials) => Promise<Visibility> {
  const { permissions, now } = deps;
  const kept = new Map<string, Kept>();
  return async credentials => {
    const [decision] = await permissions.authorizeConditional([{ permission: catalogEntityReadPermission }], {
      credentials,
    });
    if (decision?.result === AuthorizeResult.ALLOW) return 'all';
    if (decision?.result !== AuthorizeResult.CONDITIONAL) return new Set();
    const caller = JSON.stringify(credentials.principal);
    const found = kept.get(caller);
    if (found !== undefined && isWithin(found.at, now(), KEPT_MS)) return await found.refs;
    const refs = listModels(deps, credentials);
    kept.delete(caller);
    kept.set(caller, { at: now(), refs });
    forgetOldest(kept);
    // A catalog that failed is asked again.
    refs.catch(() => kept.delete(caller));
    return await refs;
  };
}

async function listModels(
  { catalog, entityTypes }: VisibilityDeps,
  credentials: BackstageCredentials,
): Promise<ReadonlySet<string>> {
  const refs = new Set<string>();
  const filter = { kind: 'component', 'spec.type': [...entityTypes] };
  for await (const page of catalog.streamEntities({ filter, fields: NAME_FIELDS }, { credentials })) {
    for (const entity of page) refs.add(stringifyEntityRef(entity));
  }
  return refs;
}

function forgetOldest(kept: Map<string, Kept>): void {
  for (const caller of kept.keys()) {
    if (kept.size <= MOST_KEPT) return;
    kept.delete(caller);
  }
}
