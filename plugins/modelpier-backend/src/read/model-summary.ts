import type { ModelSummary, Version } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { Wide } from '../database/rows';
import { wideNumber } from '../database/values';
import { type KnownModel, repositoryNames } from './model';
import { NEWEST_FIRST, selectVersions, toFound } from './version-rows';
import { describeVersions } from './versions';
import { placementOf, readDeployments } from './workloads';

/** What a caller may see of each model. */
export interface Sight {
  readonly versions: ReadonlySet<number>;
  readonly deployments: ReadonlySet<number>;
}

/** Models as lists and cards show them; a handful of queries for any number of them. */
export async function summarizeModels(
  knex: Knex,
  models: readonly KnownModel[],
  sight: Sight,
): Promise<readonly ModelSummary[]> {
  const withVersions = models.filter(model => sight.versions.has(model.id));
  const withDeployments = models.filter(model => sight.deployments.has(model.id));
  const counts = await countVersions(knex, withVersions);
  const newest = await readNewest(knex, withVersions, sight);
  const deployments = await readDeployments(knex, withDeployments);
  return models.map(model => ({
    entity: model.entity,
    title: model.title,
    owner: model.owner,
    repositories: repositoryNames(model),
    ...(model.problems.length > 0 && { problems: model.problems }),
    versions: counts.get(model.id) ?? 0,
    newest: newest.get(model.id) ?? null,
    deployments: (deployments.get(model.id) ?? []).map(deployment => ({
      placement: placementOf(deployment),
      version: deployment.version,
      status: deployment.status,
      ready: deployment.replicas.ready,
      desired: deployment.replicas.desired,
      drift: deployment.drift,
    })),
  }));
}

const idsOf = (models: readonly KnownModel[]): number[] => models.map(model => model.id);

async function countVersions(
  knex: Knex,
  models: readonly KnownModel[],
): Promise<ReadonlyMap<number, number>> {
  const rows = await knex('versions')
    .join('model_repositories', 'model_repositories.repository_id', 'versions.repository_id')
    .whereIn('model_repositories.model_id', idsOf(models))
    .groupBy('model_repositories.model_id')
    .count({ versions: '*' })
    .select<{ model_id: number; versions: Wide }[]>('model_repositories.model_id');
  return new Map(rows.map(row => [row.model_id, wideNumber(row.versions)]));
}

async function readNewest(
  knex: Knex,
  models: readonly KnownModel[],
  sight: Sight,
): Promise<ReadonlyMap<number, Version>> {
  const ranked = knex('versions')
    .join('model_repositories', 'model_repositories.repository_id', 'versions.repository_id')
    .whereIn('model_repositories.model_id', idsOf(models))
    .select('model_repositories.model_id as model_id', 'versions.id as version_id')
    .rowNumber('place', query => {
      void query.partitionBy('model_repositories.model_id').orderBy([...NEWEST_FIRST]);
    });
  const rows = await knex
    .from(ranked.as('ranked'))
    .where('place', 1)
    .select<{ model_id: number; version_id: number }[]>('model_id', 'version_id');
  const found = (
    await selectVersions(knex).whereIn(
      'versions.id',
      rows.map(row => row.version_id),
    )
  ).map(toFound);
  const owners = new Map(rows.map(row => [row.version_id, row.model_id]));
  const placed = new Set(rows.filter(row => sight.deployments.has(row.model_id)).map(row => row.version_id));
  const described = await describeVersions(knex, found, { withPlacements: true });
  return new Map(
    found.flatMap(({ id }, index) => {
      const modelId = owners.get(id);
      const version = described[index];
      if (modelId === undefined || version === undefined) return [];
      return [[modelId, placed.has(id) ? version : { ...version, deployedIn: [] }]] as const;
    }),
  );
}
