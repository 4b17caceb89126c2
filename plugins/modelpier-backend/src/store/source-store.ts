import type { Source, SourceState } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { SourceRow } from '../database/rows';

export type SourceKey = Pick<Source, 'kind' | 'name'>;

export const sourceId = ({ kind, name }: SourceKey): string => `${kind}:${name}`;

/** Makes the table hold exactly the configured sources; what a removed cluster showed goes with it. */
export async function reconcileSources(knex: Knex, configured: readonly SourceKey[]): Promise<void> {
  await knex.transaction(async trx => {
    const rows = await trx<SourceRow>('sources').select('id', 'kind', 'name');
    const wanted = new Set(configured.map(sourceId));
    const gone = rows.filter(row => !wanted.has(sourceId(row))).map(row => row.id);
    await trx<SourceRow>('sources').whereIn('id', gone).delete();
    for (const { kind, name } of configured) {
      const row = { kind, name, state: 'pending' } as const;
      await trx<SourceRow>('sources').insert(row).onConflict(['kind', 'name']).ignore();
    }
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

export async function writeAttempt(knex: Knex, source: SourceKey, attempt: Attempt): Promise<void> {
  await knex<SourceRow>('sources')
    .where({ kind: source.kind, name: source.name })
    .update({
      state: attempt.state,
      message: attempt.message,
      attempted_at: attempt.attemptedAt,
      duration_ms: attempt.durationMs,
      ...(attempt.observedAt !== undefined && { observed_at: attempt.observedAt }),
      ...(attempt.details !== undefined && { details: JSON.stringify(attempt.details) }),
    });
}
