import type { SourceState } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import { type SourceKey, writeAttempt } from '../store/source-store';
import { failureOf } from '../domain/source-state';

/** What a collection brought, where it came to an end. */
export interface Collected {
  readonly state: SourceState;
  readonly message: string | null;
  readonly details?: unknown;
}

/** Runs one collection and records how it went; a failure leaves what was last known, and says so. */
export async function recordCollection(
  knex: Knex,
  source: SourceKey,
  { collect, now }: { collect: () => Promise<Collected>; now: () => number },
): Promise<Collected> {
  const begun = now();
  const collected = await collect().catch(failureOf);
  await writeAttempt(knex, source, {
    ...collected,
    attemptedAt: new Date(begun).toISOString(),
    durationMs: now() - begun,
    observedAt: collected.state === 'ok' ? new Date(begun).toISOString() : undefined,
  });
  return collected;
}
