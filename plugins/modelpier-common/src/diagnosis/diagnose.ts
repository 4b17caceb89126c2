import { findCondition } from '../workload/conditions';
import { formatObjectRef } from '../workload/object-ref';
import { badConfiguration, volumeFailure } from './configuration';
import { endOf, eventsOf, type Rule, sceneOf } from './container-scene';
import { crash } from './crash';
import { CAUSES, type Diagnosis, type Finding, type Found } from './diagnosis';
import type { ContainerEvidence, Evidence, ObjectEvidence, PodEvidence } from './evidence';
import type { Facts } from './facts';
import { goldenFailures } from './golden-failure';
import { imagePull } from './image-pull';
import { outOfMemory } from './memory';
import { evicted, nodeTrouble } from './pod-failure';
import { probeFailure } from './probe-failure';
import { refusedPods } from './refused-pods';
import { unschedulable } from './scheduling';
import { startFailure } from './start-failure';

/** Enough to see all that is wrong; more only repeats. */
const MOST = 5;

interface Known {
  readonly evidence: Evidence;
  readonly facts: Facts;
}

/** Why the release failed, the deepest cause first; never nothing where an object is not well. */
export function diagnose(evidence: Evidence, facts: Facts): readonly Diagnosis[] {
  const known = { evidence, facts };
  const sources = [reasons, refusedByEvents, withoutReason];
  const found = firstOf(sources, source => atLeastOne(source(known))) ?? [];
  return merge(found)
    .sort((a, b) => CAUSES.indexOf(a.cause) - CAUSES.indexOf(b.cause))
    .slice(0, MOST);
}

const atLeastOne = <T>(items: readonly T[]): readonly T[] | undefined =>
  items.length === 0 ? undefined : items;

const reasons = (known: Known): readonly Found[] => [
  ...refusedByCondition(known),
  ...known.evidence.pods.flatMap(pod => podFindings(pod, known)),
  ...wrongDigests(known),
  ...goldenFailures(known.evidence),
];

/** The first rule that fits a container explains it. */
const CONTAINER_RULES: readonly Rule<Finding>[] = [
  imagePull,
  badConfiguration,
  outOfMemory,
  startFailure,
  crash,
  probeFailure,
];

function podFindings(pod: PodEvidence, { evidence, facts }: Known): readonly Found[] {
  const ofPod =
    evicted(pod) ?? unschedulable(pod, { evidence, facts }) ?? volumeFailure(pod, eventsOf(pod, evidence));
  if (ofPod !== undefined) return [{ ...ofPod, object: pod.ref }];
  const ofContainers = pod.containers.filter(isUnwell).flatMap(container => {
    const scene = sceneOf(container, pod, { evidence, facts });
    const finding = firstOf(CONTAINER_RULES, rule => rule(scene));
    return finding === undefined ? [] : [{ ...finding, object: pod.ref, container: container.name }];
  });
  if (ofContainers.length > 0) return ofContainers;
  const trouble = nodeTrouble(
    pod,
    evidence.nodes.find(({ name }) => name === pod.node),
  );
  return trouble === undefined ? [] : [{ ...trouble, object: pod.ref }];
}

function isUnwell(container: ContainerEvidence): boolean {
  const isDone = container.isInit && endOf(container)?.exitCode === 0;
  return !isDone && (!container.ready || container.restarts > 0);
}

/** Deployments say on themselves that their pods are refused. */
function refusedByCondition({ evidence, facts }: Known): readonly Found[] {
  return unwell(evidence).flatMap(({ ref, conditions }) => {
    const refused = findCondition(conditions, 'ReplicaFailure');
    if (refused?.status !== 'True') return [];
    return [{ ...refusedPods({ owner: ref, message: refused.message ?? '', facts }), object: ref }];
  });
}

/** Other kinds say it in events alone, which may be of an hour ago: only where nothing else explains the failure. */
function refusedByEvents({ evidence, facts }: Known): readonly Found[] {
  return unwell(evidence).flatMap(({ ref }) => {
    const refused = evidence.events.findLast(
      ({ reason, object }) => reason === 'FailedCreate' && object.name.startsWith(ref.name),
    );
    return refused === undefined
      ? []
      : [{ ...refusedPods({ owner: ref, message: refused.message, facts }), object: ref }];
  });
}

const unwell = ({ objects }: Evidence): readonly ObjectEvidence[] =>
  objects.filter(({ status }) => status.state !== 'Current');

const wrongDigests = ({ evidence }: Known): readonly Found[] =>
  evidence.objects
    .filter(({ status }) => status.reason === 'WrongImage')
    .map(({ ref, status }) => ({
      cause: 'wrong-digest',
      explanation: status.message,
      fix: 'find out what rewrites images, such as an admission webhook or a mirror with another copy',
      object: ref,
    }));

/** Where no rule fits, what the verdict itself says. */
const withoutReason = ({ evidence }: Known): readonly Found[] =>
  unwell(evidence).map(({ ref, status }) => ({
    cause: 'no-progress',
    explanation: `${formatObjectRef(ref)} is ${status.state} (${status.reason}): ${status.message}`,
    fix: 'read the log and the events in the evidence; where it only needs longer, raise `progressDeadlineSeconds` and the input `timeout`',
    object: ref,
  }));

function firstOf<T, R>(items: readonly T[], pick: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const picked = pick(item);
    if (picked !== undefined) return picked;
  }
  return undefined;
}

/** Replicas fail alike: each cause is told once for each container, with the number of its pods. */
function merge(found: readonly Found[]): Diagnosis[] {
  const merged = new Map<string, Diagnosis>();
  for (const { cause, explanation, fix, field, object, container } of found) {
    const key = `${cause}/${container ?? object.kind}`;
    const before = merged.get(key);
    merged.set(
      key,
      before === undefined
        ? { cause, object, container, pods: 1, explanation, fix, field }
        : { ...before, pods: before.pods + 1 },
    );
  }
  return [...merged.values()];
}
