import type { SchedulerService } from '@backstage/backend-plugin-api';
import type { Source } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import { taskId } from '../domain/task-id';
import { readSources, type SourceKey, sourceId } from '../store/source-store';

/** Nobody needs a registry to be read more often; many may press the button at once. */
const REFRESH_AGAIN_MS = 10_000;

/** Starts the collections of the sources that were not read a moment ago; answers which. */
export async function refreshSources(
  wanted: readonly Source[],
  {
    knex,
    scheduler,
    now,
  }: { knex: Knex; scheduler: Pick<SchedulerService, 'triggerTask'>; now: () => number },
): Promise<readonly string[]> {
  const rows = new Map((await readSources(knex)).map(row => [sourceId(row), row]));
  const started: string[] = [];
  for (const source of wanted) {
    const attemptedAt = rows.get(source.id)?.attempted_at ?? null;
    const isFresh = attemptedAt !== null && now() - Date.parse(attemptedAt) < REFRESH_AGAIN_MS;
    if (!isFresh && (await trigger(scheduler, source))) started.push(source.id);
  }
  return started;
}

/** A task that runs already is what was asked for. */
async function trigger(
  scheduler: Pick<SchedulerService, 'triggerTask'>,
  source: SourceKey,
): Promise<boolean> {
  try {
    await scheduler.triggerTask(taskId(source));
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConflictError') return true;
    throw error;
  }
}
