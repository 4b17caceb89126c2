import type { BackstageCredentials, PermissionsService } from '@backstage/backend-plugin-api';
import { AuthorizeResult, type ResourcePermission } from '@backstage/plugin-permission-common';
import {
  allocationReadPermission,
  deploymentReadPermission,
  versionReadPermission,
} from '@modelpier/backstage-plugin-modelpier-common/permissions';
import type { Knex } from 'knex';
import type { FleetRow } from '../database/rows';
import { chunks } from '../database/values';
import type { FleetPart, FleetSight, Models } from '../read/visible-fleet';
import { createCallerCache } from './caller-cache';

export interface FleetSightDeps {
  readonly knex: Knex;
  readonly permissions: PermissionsService;
  /** Of these entities, those for which the caller has the permission. */
  readonly allowed: (
    credentials: BackstageCredentials,
    permission: ResourcePermission,
    entityRefs: readonly string[],
  ) => Promise<ReadonlySet<string>>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const PERMISSIONS: Readonly<Record<FleetPart, ResourcePermission>> = {
  versions: versionReadPermission,
  deployments: deploymentReadPermission,
  allocations: allocationReadPermission,
};
/** Backstage takes no more than 100 kB of questions at once. */
const REFS_AT_ONCE = 200;

/** Finds out what of the fleet a caller may be answered from; asks for these parts alone. */
export type ReadSight = (
  credentials: BackstageCredentials,
  parts: readonly FleetPart[],
) => Promise<FleetSight>;

export function createFleetSight({ knex, permissions, allowed, now }: FleetSightDeps): ReadSight {
  const kept = createCallerCache(now);

  /** Where a rule decides, it decides of each model by itself. */
  async function listAllowed(credentials: BackstageCredentials, permission: ResourcePermission) {
    const refs = await knex<FleetRow>('fleet').orderBy('model_id').pluck('entity_ref');
    const found = new Set<string>();
    for (const part of chunks(refs, REFS_AT_ONCE)) {
      for (const ref of await allowed(credentials, permission, part)) found.add(ref);
    }
    return found;
  }

  async function readPart(credentials: BackstageCredentials, part: FleetPart): Promise<Models> {
    const permission = PERMISSIONS[part];
    const [decision] = await permissions.authorizeConditional([{ permission }], { credentials });
    if (decision?.result === AuthorizeResult.ALLOW) return 'all';
    if (decision?.result !== AuthorizeResult.CONDITIONAL) return new Set();
    const key = JSON.stringify([permission.name, credentials.principal]);
    return await kept(key, () => listAllowed(credentials, permission));
  }

  return async (credentials, parts) => {
    const sight: Record<FleetPart, Models> = { versions: 'all', deployments: 'all', allocations: 'all' };
    for (const part of parts) sight[part] = await readPart(credentials, part);
    return sight;
  };
}
