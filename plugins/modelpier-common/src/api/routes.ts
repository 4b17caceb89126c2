import type { EntityRef } from './source';

/** Paths below `/api/modelpier`, for the router's document and for the client. */
const model = ({ namespace, kind, name }: EntityRef): string =>
  `/v1/models/${[namespace, kind, name].map(encodeURIComponent).join('/')}`;

export const routes = {
  models: '/v1/models',
  model,
  versions: (entity: EntityRef): string => `${model(entity)}/versions`,
  version: (entity: EntityRef, digest: string): string =>
    `${model(entity)}/versions/${encodeURIComponent(digest)}`,
  diff: (entity: EntityRef, before: string, after: string): string =>
    `${model(entity)}/versions/${encodeURIComponent(before)}/diff/${encodeURIComponent(after)}`,
  deployments: (entity: EntityRef): string => `${model(entity)}/deployments`,
  releases: (entity: EntityRef): string => `${model(entity)}/releases`,
  history: (entity: EntityRef): string => `${model(entity)}/history`,
  allocation: (entity: EntityRef): string => `${model(entity)}/allocation`,
  reuse: (entity: EntityRef): string => `${model(entity)}/reuse`,
  refresh: (entity: EntityRef): string => `${model(entity)}/refresh`,
  rollback: (entity: EntityRef): string => `${model(entity)}/rollback`,
  promote: (entity: EntityRef): string => `${model(entity)}/promote`,
  fleetAllocation: '/v1/fleet/allocation',
  fleetReuse: '/v1/fleet/reuse',
  orphans: '/v1/fleet/orphans',
  sources: '/v1/sources',
} as const;
