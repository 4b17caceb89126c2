import { type ModelsTotals, STATES } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { Wide } from '../database/rows';
import { wideNumber } from '../database/values';
import { type ModelsFilter, selectModels } from './models-page';

type Column = 'versions' | 'drift' | 'ready' | 'desired' | 'image_bytes' | 'cpu' | 'memory' | 'gpu';
type Sums = Readonly<Record<Column | 'models', Wide>>;
type HealthRow = Sums & { readonly health: Wide };

/** -1 stands for what is not known, and counts for nothing. */
const SELECTED = `
  count(*) as models,
  sum(versions) as versions,
  sum(drift) as drift,
  sum(ready) as ready,
  sum(desired) as desired,
  sum(case when image_bytes > 0 then image_bytes else 0 end) as image_bytes,
  sum(case when cpu_requested > 0 then cpu_requested else 0 end) as cpu,
  sum(case when memory_requested > 0 then memory_requested else 0 end) as memory,
  sum(case when gpu_requested > 0 then gpu_requested else 0 end) as gpu`;

/** Sums over every model that fits the filter, in one pass. */
export async function readModelsTotals(knex: Knex, filter: ModelsFilter): Promise<ModelsTotals> {
  const rows = await selectModels(knex, filter)
    .groupBy('health')
    .orderBy('health')
    .select<HealthRow[]>('health', knex.raw(SELECTED));
  const sum = (column: keyof Sums): number => rows.reduce((total, row) => total + wideNumber(row[column]), 0);
  return {
    models: sum('models'),
    versions: sum('versions'),
    health: rows.flatMap(row => {
      const state = STATES[wideNumber(row.health)];
      return state === undefined ? [] : [{ state, models: wideNumber(row.models) }];
    }),
    drifting: sum('drift'),
    ready: sum('ready'),
    desired: sum('desired'),
    imageBytes: sum('image_bytes'),
    requested: [
      { resource: 'cpu', amount: `${sum('cpu')}m` },
      { resource: 'memory', amount: String(sum('memory')) },
      { resource: 'gpu', amount: String(sum('gpu') / MILLI) },
    ],
  };
}

/** Devices are kept in thousandths, as some are shared. */
const MILLI = 1000;
