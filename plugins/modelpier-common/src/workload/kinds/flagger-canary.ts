import { object, optional, parseWith, text } from '../../parse/decoder';
import { findCondition, timestamp } from '../conditions';
import type { HealthContext } from '../health-context';
import { type Condition, conditions, metadata } from '../metadata';
import type { Status } from '../status';
import { verdict } from '../verdict';

const canary = object({
  metadata,
  spec: optional(object({ analysis: optional(object({ interval: optional(text) })) })),
  status: optional(object({ conditions })),
});

/** `Initialized` is the end of a first release, which has nothing to be compared with. */
const DONE = ['Succeeded', 'Initialized'];
/** Flagger's own, where the analysis names none. */
const DEFAULT_INTERVAL_MS = 60_000;
const PATIENCE_MS = 15_000;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** Flagger's Canary (flagger.app/v1beta1) says in one condition how far a release has come. */
export function canaryHealth(value: unknown, context: HealthContext): Status {
  const { spec, status } = parseWith(canary, value, 'Canary');
  const promoted = findCondition(status?.conditions, 'Promoted');
  if (promoted !== undefined && mayBeOld(promoted, intervalMs(spec?.analysis?.interval), context)) {
    return verdict('InProgress', 'ChangeNotObserved', 'Flagger has not looked at the change yet');
  }
  const { reason = 'Waiting', message = 'it has not begun yet' } = promoted ?? {};
  if (reason === 'Failed') return verdict('Failed', reason, message);
  return verdict(DONE.includes(reason) ? 'Current' : 'InProgress', reason, message);
}

/** Flagger looks once in each interval whether its target has changed; if it then says nothing new, it has not. */
function mayBeOld(
  { lastUpdateTime, lastTransitionTime }: Condition,
  interval: number,
  { changedAt, now }: HealthContext,
): boolean {
  const saidAt = timestamp(lastUpdateTime ?? lastTransitionTime);
  if (changedAt === undefined || saidAt === undefined) return false;
  // The cluster writes whole seconds.
  return saidAt < Math.floor(changedAt / 1000) * 1000 && now - changedAt < interval + PATIENCE_MS;
}

/** As Go writes durations, such as `1m30s`. */
function intervalMs(interval = ''): number {
  const parts = [...interval.matchAll(/(\d+)([smh])/g)];
  if (parts.length === 0) return DEFAULT_INTERVAL_MS;
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNIT_MS[unit] ?? 0), 0);
}
