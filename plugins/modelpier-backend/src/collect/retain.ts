import type { LoggerService, SchedulerService } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import { useToldSince } from '../domain/container-use';
import { forgetDispatches } from '../store/dispatch-store';
import {
  forgetHistory,
  forgetManifests,
  forgetReleases,
  forgetRepositories,
  forgetUse,
} from '../store/retention-store';

const DAY_MS = 24 * 60 * 60 * 1000;
/** A tag that moves away comes back where somebody rolls back: until then nothing is fetched again. */
const UNUSED_DAYS = 7;
/** An hour is of interest for as long as people look into an incident; a day for last year's comparison. */
const HOURS_KEPT_DAYS = 14;
const DAYS_KEPT_DAYS = 400;
/** Nobody presses a button again after so long and means the same. */
const DISPATCHES_KEPT_DAYS = 7;

export interface RetentionContext {
  readonly knex: Knex;
  readonly scheduler: Pick<SchedulerService, 'scheduleTask'>;
  readonly logger: LoggerService;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Once an hour, by one of the instances. */
export async function scheduleRetention({ knex, scheduler, logger, now }: RetentionContext): Promise<void> {
  await scheduler.scheduleTask({
    id: 'forget-what-is-over',
    frequency: { hours: 1 },
    timeout: { minutes: 10 },
    initialDelay: { minutes: 5 },
    scope: 'global',
    fn: async () => {
      const manifests = await forgetOld(knex, now());
      logger.debug(`Forgot ${manifests} manifests that no version stands for`);
    },
  });
}

/** Forgets what nobody will ask for again; answers how many manifests. */
export async function forgetOld(knex: Knex, now: number): Promise<number> {
  const daysAgo = (days: number) => new Date(now - days * DAY_MS).toISOString();
  await forgetHistory(knex, 'hour', daysAgo(HOURS_KEPT_DAYS));
  await forgetHistory(knex, 'day', daysAgo(DAYS_KEPT_DAYS));
  await forgetUse(knex, useToldSince(now));
  await forgetReleases(knex, daysAgo(DAYS_KEPT_DAYS));
  await forgetDispatches(knex, daysAgo(DISPATCHES_KEPT_DAYS));
  await forgetRepositories(knex, daysAgo(UNUSED_DAYS));
  return await forgetManifests(knex, { now: daysAgo(0), before: daysAgo(UNUSED_DAYS) });
}
