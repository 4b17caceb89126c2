import {
  computeCountedReuse,
  glanceAtAllocation,
  type ModelSummary,
  type Reuse,
  type State,
  STATES,
  type Version,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { Wide } from '../database/rows';
import { wideNumber } from '../database/values';
import { groupBy } from '../domain/group-by';
import { readAllocations } from './allocation';
import { type KnownModel, repositoryNames } from './model';
import { NEWEST_FIRST, selectVersions, toFound } from './version-rows';
import { describeVersions } from './versions';
import { placementOf, readDeployments } from './workloads';

/** Models as lists and cards show them, by id; a handful of queries for any number of them. */
export async function composeSummaries(
  knex: Knex,
  models: readonly KnownModel[],
): Promise<ReadonlyMap<number, ModelSummary>> {
  const ids = models.map(model => model.id);
  const counts = await countVersions(knex, ids);
  const newest = await readNewest(knex, ids);
  const deployments = await readDeployments(knex, models);
  const allocations = await readAllocations(knex, ids);
  const reuse = await readModelReuses(knex, ids);
  return new Map(
    models.map(model => {
      const own = deployments.get(model.id) ?? [];
      const scopes = allocations.get(model.id);
      const saved = reuse.get(model.id);
      return [
        model.id,
        {
          entity: model.entity,
          title: model.title,
          owner: model.owner,
          repositories: repositoryNames(model),
          ...(model.problems.length > 0 && { problems: model.problems }),
          versions: counts.get(model.id) ?? 0,
          newest: newest.get(model.id) ?? null,
          deployments: own.map(deployment => ({
            placement: placementOf(deployment),
            version: deployment.version,
            status: deployment.status,
            ready: deployment.replicas.ready,
            desired: deployment.replicas.desired,
            drift: deployment.drift,
          })),
          ...(own.length > 0 && { health: worstOf(own.map(({ status }) => status.state)) }),
          replicas: {
            ready: sum(own.map(({ replicas }) => replicas.ready)),
            desired: sum(own.map(({ replicas }) => replicas.desired)),
          },
          ...(scopes !== undefined && { allocation: glanceAtAllocation(scopes) }),
          ...(saved !== undefined && { reuse: saved }),
        },
      ];
    }),
  );
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, each) => total + each, 0);

const worstOf = (states: readonly State[]): State | undefined =>
  STATES[Math.max(...states.map(state => STATES.indexOf(state)))];

async function countVersions(knex: Knex, modelIds: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const rows = await knex('versions')
    .join('model_repositories', 'model_repositories.repository_id', 'versions.repository_id')
    .whereIn('model_repositories.model_id', [...modelIds])
    .groupBy('model_repositories.model_id')
    .count({ versions: '*' })
    .select<{ model_id: number; versions: Wide }[]>('model_repositories.model_id');
  return new Map(rows.map(row => [row.model_id, wideNumber(row.versions)]));
}

async function readNewest(knex: Knex, modelIds: readonly number[]): Promise<ReadonlyMap<number, Version>> {
  const ranked = knex('versions')
    .join('model_repositories', 'model_repositories.repository_id', 'versions.repository_id')
    .whereIn('model_repositories.model_id', [...modelIds])
    .select('model_repositories.model_id as model_id', 'versions.id as version_id')
    .rowNumber('place', query => {
      void query.partitionBy('model_repositories.model_id').orderBy([...NEWEST_FIRST]);
    });
  const rows = await knex
    .from(ranked.as('ranked'))
    .where('place', 1)
    .select<{ model_id: number; version_id: number }[]>('model_id', 'version_id');
  const found = (
    await selectVersions(knex).whereIn('versions.id', [...new Set(rows.map(row => row.version_id))])
  ).map(toFound);
  const described = await describeVersions(knex, found, { withPlacements: true, withReferrers: false });
  const byId = new Map(found.map(({ id }, index) => [id, described[index]]));
  return new Map(
    rows.flatMap(({ model_id: model, version_id: id }) => {
      const version = byId.get(id);
      return version === undefined ? [] : [[model, version] as const];
    }),
  );
}

interface LayerCount {
  model_id: number;
  size_bytes: Wide;
  occurrences: Wide;
  base_occurrences: Wide;
}

/** What sharing saves over all versions of each model. */
async function readModelReuses(knex: Knex, modelIds: readonly number[]): Promise<ReadonlyMap<number, Reuse>> {
  const rows = await knex('model_repositories')
    .join('repository_layers', 'repository_layers.repository_id', 'model_repositories.repository_id')
    .join('layers', 'layers.id', 'repository_layers.layer_id')
    .whereIn('model_repositories.model_id', [...modelIds])
    .groupBy('model_repositories.model_id', 'layers.id', 'layers.size_bytes')
    .select<LayerCount[]>(
      'model_repositories.model_id',
      'layers.size_bytes',
      knex.raw('sum(repository_layers.occurrences) as occurrences'),
      knex.raw('sum(repository_layers.base_occurrences) as base_occurrences'),
    );
  const groups = groupBy(rows, row => row.model_id);
  return new Map(
    [...groups].map(([id, layers]) => [id, computeCountedReuse(layers.map(toCounted), 'compressed')]),
  );
}

const toCounted = (row: LayerCount) => ({
  sizeBytes: wideNumber(row.size_bytes),
  occurrences: wideNumber(row.occurrences),
  baseOccurrences: wideNumber(row.base_occurrences),
});
