import type { MetricsService } from '@backstage/backend-plugin-api/alpha';
import type { Knex } from 'knex';
import { wideNumber } from '../database/values';
import type { Wide } from '../database/rows';
import { readSources, type SourceKey } from '../store/source-store';

export interface CollectionMetrics {
  /** One collection has ended. */
  ended(source: SourceKey, of: { readonly state: string; readonly durationMs: number }): void;
}

/** Tables that grow with what is collected; the largest are left out, as counting them is not cheap. */
const COUNTED = ['models', 'repositories', 'versions', 'workloads', 'releases'] as const;
/** Sources answer within a second or so; a first reading of a large registry takes minutes. */
const SECONDS = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];

/** How well the sources can be read, how old their rows are, and how many there are. */
export function createCollectionMetrics(
  metrics: MetricsService,
  { knex, now }: { readonly knex: Knex; readonly now: () => number },
): CollectionMetrics {
  const duration = metrics.createHistogram('modelpier.collection.duration', {
    description: 'How long one collection of a registry or a cluster took',
    unit: 's',
    advice: { explicitBucketBoundaries: SECONDS },
  });
  const errors = metrics.createCounter('modelpier.collection.errors', {
    description: 'Collections that did not go well, by what was wrong',
    unit: '{collection}',
  });
  metrics
    .createObservableGauge('modelpier.source.age', {
      description: 'Time since a registry or a cluster was last read well',
      unit: 's',
    })
    .addCallback(async result => {
      for (const { kind, name, observed_at: at } of await readSources(knex)) {
        if (at !== null) result.observe(Math.max(0, now() - Date.parse(at)) / 1000, { kind, name });
      }
    });
  metrics
    .createObservableGauge('modelpier.rows', { description: 'Rows that are kept', unit: '{row}' })
    .addCallback(async result => {
      for (const table of COUNTED) {
        const row = await knex(table).count<{ count: Wide }>({ count: '*' }).first();
        result.observe(wideNumber(row?.count ?? 0), { table });
      }
    });
  return {
    ended: ({ kind, name }, { state, durationMs }) => {
      duration.record(durationMs / 1000, { kind, name, state });
      if (state !== 'ok') errors.add(1, { kind, name, state });
    },
  };
}
