import type { SchedulerService } from '@backstage/backend-plugin-api';
import { taskId } from '../domain/task-id';
import type { SourceKey } from '../store/source-store';

/** Starts the collection of a source, on whichever instance takes it; one that runs already is it. */
export async function startCollection(
  scheduler: Pick<SchedulerService, 'triggerTask'>,
  source: SourceKey,
): Promise<void> {
  try {
    await scheduler.triggerTask(taskId(source));
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ConflictError')) throw error;
  }
}
