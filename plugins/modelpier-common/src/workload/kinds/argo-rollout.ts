import { count, type Decoded, flag, object, optional, parseWith, text } from '../../parse/decoder';
import { digestGate } from '../digest-gate';
import type { HealthContext } from '../health-context';
import { metadata } from '../metadata';
import type { Pod } from '../pod';
import { newPods } from '../revision';
import type { State, Status } from '../status';
import { pods, verdict } from '../verdict';
import { isReady } from './pod';
import { firstFailure } from './rollout-pods';

/** The fields of Argo's Rollout that health reads (argoproj.io/v1alpha1). */
const rollout = object({
  metadata,
  spec: object({ replicas: optional(count) }),
  status: optional(object({ phase: optional(text), message: optional(text), abort: optional(flag) })),
});

type Rollout = Decoded<typeof rollout>;

export function rolloutHealth(value: unknown, context: HealthContext): Status {
  const parsed = parseWith(rollout, value, 'Rollout');
  const fresh = newPods(value, context);
  return ended(parsed) ?? healthy(parsed, fresh, context) ?? firstFailure(fresh, context) ?? goingOn(parsed);
}

const ENDS: Readonly<Record<string, State>> = { Degraded: 'Failed', Paused: 'Suspended' };

function ended({ status: { phase = '', message, abort = false } = {} }: Rollout): Status | undefined {
  // `spec.template` is still the new one after an abort, while the pods are those of before.
  if (abort) return verdict('Failed', 'Aborted', message ?? 'the rollout was aborted');
  const state = Object.hasOwn(ENDS, phase) ? ENDS[phase] : undefined;
  return state && verdict(state, phase, message ?? `the rollout is ${phase.toLowerCase()}`);
}

function healthy(
  { spec, status }: Rollout,
  fresh: readonly Pod[],
  { digests = {} }: HealthContext,
): Status | undefined {
  if (status?.phase !== 'Healthy') return undefined;
  const wanted = spec.replicas ?? 1;
  const wrong = digestGate(fresh.filter(isReady), wanted, digests);
  return wrong ?? verdict('Current', 'Healthy', status.message ?? `${pods(wanted)} ready`);
}

const goingOn = ({ status }: Rollout): Status =>
  verdict('InProgress', status?.phase ?? 'Progressing', status?.message ?? 'the rollout goes on');
