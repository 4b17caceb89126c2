import { hasCode } from '../error';
import { count, type Decoded, object, optional, parseWith, text } from '../parse/decoder';
import { findCondition, isTrue } from './conditions';
import { parseDeployment, parseReplicaSet } from './deployment';
import { deploymentHealth } from './health-deployment';
import type { HealthContext } from './health-context';
import { podHealth } from './health-pod';
import { replicaSetHealth } from './health-replica-set';
import { conditions, metadata } from './metadata';
import { parsePod } from './pod';
import { type State, STATES, type Status } from './status';
import { verdict } from './verdict';

const anyObject = object({
  apiVersion: text,
  kind: text,
  metadata,
  status: optional(object({ observedGeneration: optional(count), conditions })),
});
type AnyObject = Decoded<typeof anyObject>;

/** Rules of one kind: `undefined` where a kind has none of its own and the generic ones go on. */
type KindRule = (value: unknown, context: HealthContext) => Status;

interface Kind {
  /** Its controller writes `status.observedGeneration`; until then its status is that of an older spec. */
  readonly observes?: boolean;
  readonly rule?: KindRule;
}

/** By API group and kind, whatever the version. */
const KINDS: Readonly<Record<string, Kind>> = {
  'apps/Deployment': {
    observes: true,
    rule: (value, context) => deploymentHealth(parseDeployment(value), context),
  },
  'apps/ReplicaSet': { observes: true, rule: value => replicaSetHealth(parseReplicaSet(value)) },
  'apps/StatefulSet': { observes: true },
  'apps/DaemonSet': { observes: true },
  'autoscaling/HorizontalPodAutoscaler': { observes: true },
  'policy/PodDisruptionBudget': { observes: true },
  '/Pod': { rule: (value, context) => podHealth(parsePod(value), context) },
};

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
    const kind = KINDS[`${groupOf(object.apiVersion)}/${object.kind}`] ?? {};
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

const badness = (state: State): number => STATES.indexOf(state);

const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';

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
