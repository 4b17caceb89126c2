import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { SourceRow } from '../database/rows';
import type { SourceKey } from './source-store';

/** A collection that has begun. One that hung until its time was over may still come to an end: too late. */
export interface Turn {
  readonly sourceId: number;
  readonly turn: number;
}

/** Begins a collection; `undefined` where the configuration has lost the source meanwhile. */
export async function beginTurn(knex: Knex, { kind, name }: SourceKey): Promise<Turn | undefined> {
  const [row] = await knex<SourceRow>('sources')
    .where({ kind, name })
    .update({ turn: knex.raw('turn + 1') as never })
    .returning(['id', 'turn']);
  return row && { sourceId: row.id, turn: row.turn };
}

/** Throws where another collection has begun since; else none can before the transaction ends. */
export async function holdTurn(trx: Knex, { sourceId, turn }: Turn): Promise<void> {
  const row = await trx<SourceRow>('sources').where({ id: sourceId }).forShare().first('turn');
  if (row?.turn === turn) return;
  throw new ModelpierError('cancelled', 'another collection of this source has begun since');
}
