import { createPermission } from '@backstage/plugin-permission-common';

/** On catalog entities, so that the rules a portal has for its catalog hold here too. */
const onEntity = { resourceType: 'catalog-entity' } as const;

export const versionReadPermission = createPermission({
  name: 'modelpier.version.read',
  attributes: { action: 'read' },
  ...onEntity,
});
export const deploymentReadPermission = createPermission({
  name: 'modelpier.deployment.read',
  attributes: { action: 'read' },
  ...onEntity,
});
export const allocationReadPermission = createPermission({
  name: 'modelpier.allocation.read',
  attributes: { action: 'read' },
  ...onEntity,
});
export const refreshPermission = createPermission({
  name: 'modelpier.refresh',
  attributes: { action: 'update' },
  ...onEntity,
});
export const releaseRollbackPermission = createPermission({
  name: 'modelpier.release.rollback',
  attributes: { action: 'update' },
  ...onEntity,
});
export const releasePromotePermission = createPermission({
  name: 'modelpier.release.promote',
  attributes: { action: 'update' },
  ...onEntity,
});
export const fleetReadPermission = createPermission({
  name: 'modelpier.fleet.read',
  attributes: { action: 'read' },
});

export const modelpierPermissions = [
  versionReadPermission,
  deploymentReadPermission,
  allocationReadPermission,
  refreshPermission,
  releaseRollbackPermission,
  releasePromotePermission,
  fleetReadPermission,
];
