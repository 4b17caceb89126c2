import type { SourceState } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import { type SourceKey, writeAttempt } from '../store/source-store';
import { beginTurn, type Turn } from '../store/turn-store';
import { failureOf } from '../domain/source-state';

/** What a collection brought, where it came to an end. */
export interface Collected {
  readonly state: SourceState;
  /** Told to everybody who sees the source: it names no model's repository or object. */
  readonly message: string | null;
  /** One of those that `message` counts, with the reason; for the log alone. */
  readonly example?: string | undefined;
  readonly details?: unknown;
}

/** No schedule gives a collection as long. */
const LONGEST_MS = 24 * 60 * 60 * 1000;

/** Runs one collection and records how it went; a failure leaves what was last known, and says so. */
export async function recordCollection(
  knex: Knex,
  source: SourceKey,
  { collect, now }: { collect: (turn: Turn) => Promise<Collected>; now: () => number },
): Promise<Collected> {
  const begun = now();
  const turn = await beginTurn(knex, source);
  if (turn === undefined) return { state: 'pending', message: 'the configuration no longer names it' };
  const collected = await collect(turn).catch(failureOf);
  await writeAttempt(knex, turn, {
    ...collected,
    attemptedAt: new Date(begun).toISOString(),
    // A clock that was set meanwhile is no reason to tell nonsense.
    durationMs: Math.min(Math.max(0, now() - begun), LONGEST_MS),
    observedAt: collected.state === 'ok' ? new Date(begun).toISOString() : undefined,
  });
  return collected;
}
