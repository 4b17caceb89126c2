import type { SchedulerService } from '@backstage/backend-plugin-api';
import { isWithin, type Source } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import { startCollection } from '../collect/start-collection';
import { readSources, sourceId } from '../store/source-store';

/** Nobody needs a registry to be read more often; many may press the button at once. */
const REFRESH_AGAIN_MS = 10_000;

export interface RefreshOptions {
  readonly knex: Knex;
  readonly scheduler: Pick<SchedulerService, 'triggerTask'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Also what was read a moment ago: it was read for other models. */
  readonly force: boolean;
}

/** Starts the collections of the sources that were not read a moment ago; answers which. */
export async function refreshSources(
  wanted: readonly Source[],
  { knex, scheduler, now, force }: RefreshOptions,
): Promise<readonly string[]> {
  const rows = new Map((await readSources(knex)).map(row => [sourceId(row), row]));
  const started: string[] = [];
  for (const source of wanted) {
    const attemptedAt = rows.get(source.id)?.attempted_at ?? null;
    const isFresh = attemptedAt !== null && isWithin(Date.parse(attemptedAt), now(), REFRESH_AGAIN_MS);
    if (isFresh && !force) continue;
    await startCollection(scheduler, source);
    started.push(source.id);
  }
  return started;
}
