import { hasCode } from '../error';
import { count, type Decoded, type Decoder, object, optional, parseWith, text } from '../parse/decoder';
import { findCondition, isTrue } from './conditions';
import type { HealthContext } from './health-context';
import { type Kind, kindOf } from './kinds/kinds';
import { conditions, metadata } from './metadata';
import type { ObjectRef } from './object-ref';
import { type State, STATES, type Status } from './status';
import { verdict } from './verdict';

/** Argo's Rollout writes digits as text, and once wrote a hash, which tells nothing. */
const observedGeneration: Decoder<number | undefined> = (value, path, faults) => {
  if (typeof value !== 'string') return count(value, path, faults);
  return /^\d{1,15}$/.test(value) ? Number(value) : undefined;
};

const anyObject = object({
  apiVersion: text,
  kind: text,
  metadata,
  status: optional(object({ observedGeneration: optional(observedGeneration), conditions })),
});
type AnyObject = Decoded<typeof anyObject>;

/** A watch may be a moment behind the apply. */
const NOT_FOUND_PATIENCE_MS = 10_000;

/**
 * How an object stands, by the rules of the health specification: what the cluster observed, then the kind's own
 * rule, then its `Ready` condition. `undefined` stands for an object the cluster does not have.
 */
export function health(value: unknown, context: HealthContext): Status {
  if (value === undefined) return notFound(context);
  try {
    const object = parseWith(anyObject, value, 'Kubernetes object');
    const kind = kindOf(object);
    return (
      lifecycle(object, context) ??
      generation(object, kind, context) ??
      kstatus(object) ??
      kind.rule?.(value, context) ??
      readyCondition(object, context) ??
      verdict('Current', 'Exists', 'it is there')
    );
  } catch (error) {
    if (!hasCode(error, 'invalid-document')) throw error;
    return verdict('Unknown', 'Unreadable', error.message);
  }
}

/** The worst of the statuses; of equals the first, and Current where there is none. */
export const worst = (statuses: readonly Status[]): Status =>
  statuses.reduce(
    (worse, each) => (badness(each.state) > badness(worse.state) ? each : worse),
    statuses[0] ?? verdict('Current', 'Empty', 'there is nothing to wait for'),
  );

/**
 * Whether a release waits for an object that stands like this. Autoscalers and what leads traffic in from outside
 * are told of, but depend on parts of the cluster that no release can mend.
 */
export const isGating = (ref: Pick<ObjectRef, 'apiVersion' | 'kind'>, { reason }: Status): boolean =>
  kindOf(ref).toldOnly?.(reason) !== true;

const badness = (state: State): number => STATES.indexOf(state);

function notFound({ applied, now }: HealthContext): Status {
  const isFresh = applied !== undefined && now - applied.at < NOT_FOUND_PATIENCE_MS;
  return verdict(isFresh ? 'InProgress' : 'NotFound', 'NotFound', 'the cluster does not have it');
}

function lifecycle(
  { metadata: { deletionTimestamp, uid } }: AnyObject,
  { applied }: HealthContext,
): Status | undefined {
  if (deletionTimestamp !== undefined) return verdict('Terminating', 'Terminating', 'it is being deleted');
  if (applied === undefined || uid === applied.uid) return undefined;
  return verdict('InProgress', 'Replaced', 'someone deleted it and made it anew');
}

const expectedGeneration = (object: AnyObject, { applied }: HealthContext): number =>
  Math.max(applied?.generation ?? 0, object.metadata.generation ?? 0);

function generation(
  object: AnyObject,
  { observes = false }: Kind,
  context: HealthContext,
): Status | undefined {
  const observed = object.status?.observedGeneration;
  if (observed === undefined && !observes) return undefined;
  if ((observed ?? 0) >= expectedGeneration(object, context)) return undefined;
  return verdict('InProgress', 'GenerationNotObserved', 'its controller has not seen the change yet');
}

/** The conditions that kstatus gave controllers for abnormal states. */
function kstatus({ status }: AnyObject): Status | undefined {
  const stalled = findCondition(status?.conditions, 'Stalled');
  if (stalled?.status === 'True') {
    return verdict('Failed', stalled.reason ?? 'Stalled', stalled.message ?? 'its controller gave up');
  }
  if (!isTrue(status?.conditions, 'Reconciling')) return undefined;
  return verdict('InProgress', 'Reconciling', 'its controller is at work');
}

function readyCondition(object: AnyObject, context: HealthContext): Status | undefined {
  const ready = findCondition(object.status?.conditions, 'Ready');
  if (ready === undefined) return undefined;
  const isOld = (ready.observedGeneration ?? Infinity) < expectedGeneration(object, context);
  if (isOld || ready.status === 'True') {
    return isOld ? undefined : verdict('Current', ready.reason ?? 'Ready', ready.message ?? 'it is ready');
  }
  return verdict('InProgress', ready.reason ?? 'NotReady', ready.message ?? 'it is not ready yet');
}
