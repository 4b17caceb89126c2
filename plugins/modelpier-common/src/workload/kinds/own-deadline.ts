import type { HealthContext } from '../health-context';
import type { Pod } from '../pod';
import type { Status } from '../status';
import { verdict } from '../verdict';
import { firstWaits } from './rollout-pods';

/** As the default of `progressDeadlineSeconds`, for kinds whose controllers know no such deadline. */
const OWN_DEADLINE_MS = 600_000;

/** Failed where a rollout that is not done has made no progress for too long; else how it stands. */
export function withinOwnDeadline(
  standing: Status,
  { progress, now }: HealthContext,
  newPods: readonly Pod[],
): Status {
  if (standing.state !== 'InProgress' || progress === undefined) return standing;
  if (now - progress.at < OWN_DEADLINE_MS) return standing;
  const why = standing.message.includes('; ') ? '' : firstWaits(newPods);
  return verdict(
    'Failed',
    'ProgressDeadlineExceeded',
    `no progress for ${OWN_DEADLINE_MS / 1000} s: ${standing.message}${why}`,
  );
}
