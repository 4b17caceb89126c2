import type { Source, SourceState } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { PlaceRow, SourceRow } from '../database/rows';
import type { Turn } from './turn-store';

export type SourceKey = Pick<Source, 'kind' | 'name'>;

export const sourceId = ({ kind, name }: SourceKey): string => `${kind}:${name}`;

/** Makes the table hold exactly the configured sources; answers the models that ran in one that is gone. */
export async function reconcileSources(
  knex: Knex,
  configured: readonly SourceKey[],
): Promise<readonly number[]> {
  return await knex.transaction(async trx => {
    const rows = await trx<SourceRow>('sources').select('id', 'kind', 'name');
    const wanted = new Set(configured.map(sourceId));
    const gone = rows.filter(row => !wanted.has(sourceId(row))).map(row => row.id);
    const ran = await trx<PlaceRow>('model_places').whereIn('source_id', gone).distinct('model_id');
    await trx<SourceRow>('sources').whereIn('id', gone).delete();
    for (const { kind, name } of configured) {
      const row = { kind, name, state: 'pending' } as const;
      await trx<SourceRow>('sources').insert(row).onConflict(['kind', 'name']).ignore();
    }
    return ran.map(row => row.model_id);
  });
}

export const readSources = (knex: Knex): Promise<SourceRow[]> =>
  knex<SourceRow>('sources').orderBy(['kind', 'name']);

/** How a collection ended. `observedAt` is left as it was where the collection failed. */
export interface Attempt {
  readonly state: SourceState;
  readonly message: string | null;
  readonly attemptedAt: string;
  readonly durationMs: number;
  readonly observedAt?: string | undefined;
  /** What this source can and cannot tell; kept as JSON. */
  readonly details?: unknown;
}

/** Of the collection that began last: how an older one ended is no news. */
export async function writeAttempt(
  knex: Knex,
  { sourceId: id, turn }: Turn,
  attempt: Attempt,
): Promise<void> {
  await knex<SourceRow>('sources')
    .where({ id, turn })
    .update({
      state: attempt.state,
      message: attempt.message,
      attempted_at: attempt.attemptedAt,
      duration_ms: attempt.durationMs,
      ...(attempt.observedAt !== undefined && { observed_at: attempt.observedAt }),
      ...(attempt.details !== undefined && { details: JSON.stringify(attempt.details) }),
    });
}
