import { count, type Decoded, flag, object, optional, parseWith } from '../../parse/decoder';
import { findCondition, isTrue } from '../conditions';
import { digestGate } from '../digest-gate';
import type { HealthContext } from '../health-context';
import { conditions, metadata } from '../metadata';
import type { Pod } from '../pod';
import { newPods } from '../revision';
import type { Status } from '../status';
import { verdict } from '../verdict';
import { firstFailure, firstWaits } from './rollout-pods';

/** The fields of a Job that health reads (Kubernetes API batch/v1). */
const job = object({
  metadata,
  spec: object({ completions: optional(count), suspend: optional(flag) }),
  status: optional(object({ active: optional(count), succeeded: optional(count), conditions })),
});
type Job = Decoded<typeof job>;

/** Well only when it is complete: one that merely started has shown nothing. */
export function jobHealth(value: unknown, context: HealthContext): Status {
  const parsed = parseWith(job, value, 'Job');
  const own = newPods(value, context);
  return (
    failed(parsed) ??
    complete(parsed, own, context) ??
    suspended(parsed) ??
    // How often its program may die is the Job's own affair (`backoffLimit`); what never starts is not.
    firstFailure(own, context, { mayCrash: true }) ??
    running(parsed, own)
  );
}

/** `FailureTarget` comes while its last pods still end. */
function failed({ status }: Job): Status | undefined {
  for (const type of ['Failed', 'FailureTarget']) {
    const found = findCondition(status?.conditions, type);
    if (found?.status === 'True') {
      return verdict('Failed', found.reason ?? type, found.message ?? 'the job failed');
    }
  }
  return undefined;
}

function complete({ status }: Job, own: readonly Pod[], { digests = {} }: HealthContext): Status | undefined {
  if (!isTrue(status?.conditions, 'Complete')) return undefined;
  const succeeded = own.filter(pod => pod.status?.phase === 'Succeeded');
  const wrong = digestGate(succeeded, 0, digests);
  // What has run has run: it will not come right.
  if (wrong !== undefined) return { ...wrong, state: 'Failed' };
  return verdict('Current', 'Complete', 'the job ran to its end');
}

function suspended({ spec, status }: Job): Status | undefined {
  if (spec.suspend !== true || !isTrue(status?.conditions, 'Suspended')) return undefined;
  return verdict('Suspended', 'JobSuspended', 'the job is suspended (spec.suspend); resume it to go on');
}

function running({ spec, status }: Job, own: readonly Pod[]): Status {
  const done = `${status?.succeeded ?? 0} of ${spec.completions ?? 1} completed`;
  const open = own.filter(pod => pod.status?.phase !== 'Succeeded');
  return verdict('InProgress', (status?.active ?? 0) > 0 ? 'Running' : 'Starting', done + firstWaits(open));
}
