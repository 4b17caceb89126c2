import {
  count,
  type Decoded,
  object,
  reuse,
  reuseOfSums,
  type Reuse,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { TotalsRow, Wide } from '../database/rows';
import { readDocument, wideNumber } from '../database/values';

const reuseTotals = object({ models: count, versions: count, reuse });
export type ReuseTotals = Decoded<typeof reuseTotals>;

const REUSE = 'reuse';

/** What sharing saves over all models, as it was last added up. */
export async function readReuseTotals(knex: Knex): Promise<ReuseTotals> {
  const row = await knex<TotalsRow>('totals').where({ name: REUSE }).first('document');
  return row === undefined
    ? { models: 0, versions: 0, reuse: reuseOf(undefined, 0) }
    : readDocument(reuseTotals, row.document, 'totals');
}

/** Adds up again; a second instance waits, so that what is kept last was also added up last. */
export async function writeReuseTotals(knex: Knex): Promise<void> {
  await knex.transaction(async trx => {
    await trx<TotalsRow>('totals').insert({ name: REUSE, document: '' }).onConflict('name').ignore();
    await trx<TotalsRow>('totals').where({ name: REUSE }).forUpdate().first('name');
    const totals = await addUp(trx);
    await trx<TotalsRow>('totals')
      .where({ name: REUSE })
      .update({ document: JSON.stringify(totals) });
  });
}

async function addUp(trx: Knex): Promise<ReuseTotals> {
  const versions = await trx('versions')
    .whereIn('repository_id', trx('model_repositories').select('repository_id'))
    .count<{ count: Wide }>({ count: '*' })
    .first();
  const models = await trx('model_repositories')
    .whereExists(trx('versions').whereRaw('versions.repository_id = model_repositories.repository_id'))
    .countDistinct<{ count: Wide }>({ count: 'model_id' })
    .first();
  const seen = wideNumber(versions?.count ?? 0);
  const sums = await trx('layers').where('occurrences', '>', 0).first<LayerSums>(trx.raw(SUMS));
  return { models: wideNumber(models?.count ?? 0), versions: seen, reuse: reuseOf(sums, seen) };
}

/** The formula of a fleet in SQL (see `computeCountedReuse`): every occurrence, and each layer once. */
const SUMS = `
  count(*) as new_layers,
  sum(size_bytes * occurrences) as total_bytes,
  sum(size_bytes) as new_bytes,
  sum(size_bytes * (case when base_occurrences < occurrences then base_occurrences else occurrences - 1 end))
    as reused_base_bytes`;

type LayerSums = Readonly<
  Record<'new_layers' | 'total_bytes' | 'new_bytes' | 'reused_base_bytes', Wide | null>
>;

function reuseOf(sums: LayerSums | undefined, versions: number): Reuse {
  const reused = reuseOfSums(
    {
      totalBytes: wideNumber(sums?.total_bytes ?? 0),
      newBytes: wideNumber(sums?.new_bytes ?? 0),
      newLayers: wideNumber(sums?.new_layers ?? 0),
      reusedBaseBytes: wideNumber(sums?.reused_base_bytes ?? 0),
    },
    'compressed',
  );
  // Where nothing was read yet, nobody knows what the images hold.
  return versions === 0 ? { ...reused, reason: 'unknown' } : reused;
}
