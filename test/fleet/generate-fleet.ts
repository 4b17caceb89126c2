import type { Knex } from 'knex';
import { collectCluster } from '../../plugins/modelpier-backend/src/collect/collect-cluster';
import { recordCollection } from '../../plugins/modelpier-backend/src/collect/collection';
import { refreshFleet } from '../../plugins/modelpier-backend/src/collect/refresh-fleet';
import { migrate } from '../../plugins/modelpier-backend/src/database/migrate';
import { isPostgres } from '../../plugins/modelpier-backend/src/database/values';
import { reconcileSources } from '../../plugins/modelpier-backend/src/store/source-store';
import { writeReuseTotals } from '../../plugins/modelpier-backend/src/store/totals-store';
import { createClusterObjects } from './cluster-objects';
import { clusterName, type FleetSize, type PlannedModel, planFleet, REGISTRIES } from './fleet-plan';
import { memoryCluster } from './memory-cluster';
import { shareOut } from './random';
import { createRowWriter } from './row-writer';
import { createContentWriter } from './write-contents';

export interface FleetOptions {
  readonly size: FleetSize;
  readonly seed: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** One line on what is being done. */
  readonly tell: (line: string) => void;
}

/**
 * Fills an empty database as months of collecting would have. What registries hold is written as rows;
 * what clusters show goes through the collector itself, and so does all that is computed of both.
 */
export async function generateFleet(knex: Knex, options: FleetOptions): Promise<readonly PlannedModel[]> {
  const { size, seed, now, tell } = options;
  const begun = performance.now();
  const since = () => `${((performance.now() - begun) / 1000).toFixed(0)} s`;
  await migrate(knex);
  const models = planFleet(size, seed);
  await reconcileSources(knex, sourcesOf(size));
  await writeContents(knex, models, options);
  tell(`${size.versions} versions written after ${since()}`);
  await countLayers(knex);
  await knex.raw('analyze');
  await writeReuseTotals(knex);
  await refreshFleet(
    knex,
    models.map(({ index }) => index + 1),
  );
  await knex('sources')
    .where({ kind: 'registry' })
    .update({ state: 'ok', ...timesOf(now) });
  tell(`layers counted after ${since()}`);
  await collectClusters(knex, models, options);
  await knex.raw('analyze');
  tell(`${size.clusters} clusters collected after ${since()}`);
  return models;
}

const timesOf = (now: number) => {
  const at = new Date(now).toISOString();
  return { observed_at: at, attempted_at: at };
};

export const sourcesOf = ({ clusters }: Pick<FleetSize, 'clusters'>) => [
  ...REGISTRIES.map(name => ({ kind: 'registry', name }) as const),
  ...Array.from({ length: clusters }, (_, index) => ({ kind: 'cluster', name: clusterName(index) }) as const),
];

async function writeContents(
  knex: Knex,
  models: readonly PlannedModel[],
  { seed, now }: FleetOptions,
): Promise<void> {
  const usesPostgres = isPostgres(knex);
  await knex.transaction(async trx => {
    const writer = createRowWriter(trx, usesPostgres);
    const contents = createContentWriter(writer, seed);
    for (const model of models) await contents.write(model, now);
    await writer.flush();
  });
  if (!usesPostgres) return;
  // The rows brought their ids along: the next one is to be counted from there.
  for (const table of ['models', 'repositories', 'layers', 'configs', 'manifests', 'versions']) {
    await knex.raw(`select setval(pg_get_serial_sequence(?, 'id'), (select max(id) from ??))`, [
      table,
      table,
    ]);
  }
}

/** The counts over all repositories, out of those of each. */
async function countLayers(knex: Knex): Promise<void> {
  await knex.raw(`
    update layers set occurrences = s.occurrences, base_occurrences = s.base_occurrences, versions = s.versions
    from (
      select layer_id, sum(occurrences) as occurrences, sum(base_occurrences) as base_occurrences,
        sum(versions) as versions
      from repository_layers group by layer_id
    ) as s
    where s.layer_id = layers.id`);
}

async function collectClusters(
  knex: Knex,
  models: readonly PlannedModel[],
  { size, seed, now }: FleetOptions,
): Promise<void> {
  const shares = shareOut(
    size.pods,
    Array.from({ length: size.clusters }, () => 1),
  );
  for (let index = 0; index < size.clusters; index += 1) {
    const own = models.filter(({ clusters }) => clusters.includes(index));
    const objects = createClusterObjects({ index, models: own, pods: shares[index] ?? 1, seed });
    const name = clusterName(index);
    const { state, message } = await recordCollection(
      knex,
      { kind: 'cluster', name },
      {
        now: () => now,
        collect: turn =>
          collectCluster({ knex, reader: memoryCluster(objects), name, namespaces: [], turn, now }),
      },
    );
    if (state !== 'ok') throw new Error(`${name}: ${state}, ${message ?? ''}`);
  }
}
