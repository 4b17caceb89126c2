import type { Knex } from 'knex';
import { chunks } from '../database/values';
import { composeSummaries } from '../read/compose-summaries';
import { readModels } from '../read/model';
import { lockFleet, writeFleet } from '../store/fleet-store';

/** A hundred models take some milliseconds: between two such parts others may use the database. */
const MODELS_AT_ONCE = 100;

/** Composes what lists and cards show of these models anew; in transactions of its own, part by part. */
export async function refreshFleet(knex: Knex, modelIds: Iterable<number>): Promise<void> {
  const ids = [...new Set(modelIds)].sort((a, b) => a - b);
  for (const part of chunks(ids, MODELS_AT_ONCE)) {
    await knex.transaction(trx => refreshModels(trx, part));
  }
}

/** As `refreshFleet`, in the transaction that changed what the summaries are made of. */
export async function refreshModels(trx: Knex, modelIds: readonly number[]): Promise<void> {
  const found = await readModels(trx, modelIds);
  await lockFleet(
    trx,
    found.map(({ id }) => id),
  );
  const summaries = await composeSummaries(trx, found);
  const entries = found.flatMap(({ id, entityRef }) => {
    const summary = summaries.get(id);
    return summary === undefined ? [] : [{ modelId: id, entityRef, summary }];
  });
  await writeFleet(trx, entries);
}
