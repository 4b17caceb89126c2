import type { SchedulerServiceTaskScheduleDefinition } from '@backstage/backend-plugin-api';

const SECOND_MS = 1000;
const DAY_MS = 24 * 60 * 60 * SECOND_MS;
const UNITS_MS: Readonly<Record<string, number>> = {
  years: 365 * DAY_MS,
  months: 30 * DAY_MS,
  weeks: 7 * DAY_MS,
  days: DAY_MS,
  hours: DAY_MS / 24,
  minutes: 60 * SECOND_MS,
  seconds: SECOND_MS,
  milliseconds: 1,
};

/** How much time lies between two rounds; `undefined` where only cron or somebody by hand knows. */
export function intervalOf({
  frequency,
}: Pick<SchedulerServiceTaskScheduleDefinition, 'frequency'>): number | undefined {
  if ('cron' in frequency || 'trigger' in frequency) return undefined;
  if ('toMillis' in frequency) return frequency.toMillis();
  return Object.entries(frequency).reduce((total, [unit, count]) => total + count * (UNITS_MS[unit] ?? 0), 0);
}
