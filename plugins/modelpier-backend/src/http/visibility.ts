import type { BackstageCredentials, PermissionsService } from '@backstage/backend-plugin-api';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { Models } from '../read/visible-fleet';
import { createCallerCache } from './caller-cache';

export interface VisibilityDeps {
  readonly permissions: PermissionsService;
  readonly catalog: Pick<CatalogService, 'streamEntities'>;
  readonly entityTypes: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What an entity reference is made of. */
export const NAME_FIELDS = ['kind', 'metadata.namespace', 'metadata.name'];

/**
 * Models that a caller's own catalog shows. The permissions are asked first, as the catalog itself does:
 * only where a rule decides are entities listed.
 */
export function createVisibility(
  deps: VisibilityDeps,
): (credentials: BackstageCredentials) => Promise<Models> {
  const { permissions, now } = deps;
  const kept = createCallerCache(now);
  return async credentials => {
    const [decision] = await permissions.authorizeConditional([{ permission: catalogEntityReadPermission }], {
      credentials,
    });
    if (decision?.result === AuthorizeResult.ALLOW) return 'all';
    if (decision?.result !== AuthorizeResult.CONDITIONAL) return new Set();
    return await kept(JSON.stringify(credentials.principal), () => listModels(deps, credentials));
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
