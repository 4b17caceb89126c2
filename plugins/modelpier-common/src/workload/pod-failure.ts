import { findCondition, isTrue, timestamp } from './conditions';
import type { HealthContext } from './health-context';
import { containerTrouble } from './container-trouble';
import { crashRemedy } from './crash-loop';
import type { ContainerStatus, Pod } from './pod';
import {
  allContainerStatuses,
  isRoomComing,
  keyOf,
  type Sighting,
  sightingOf,
  UNSCHEDULABLE,
} from './sightings';
import type { Status } from './status';
import { verdict } from './verdict';

/** What a waiting container shows, and what is known of how long it has. */
interface Trouble {
  readonly message: string;
  readonly status: ContainerStatus;
  readonly tries: number;
  readonly elapsedMs: number;
  /** As `elapsedMs`, but nothing where nobody looked before: the pod's age says little of a late trouble. */
  readonly seenMs: number;
}
/** `undefined`: may still come right. A string: fails now, and what to do about it (may be empty). */
type Rule = (trouble: Trouble) => string | undefined;

/** The kubelet tries again 10 to 15 s later, and shows nothing of it where it fails alike. */
const RETRIED_AFTER_MS = 20_000;
const PULL_PATIENCE_MS = 60_000;
const MOUNT_PATIENCE_MS = 120_000;
/** As kstatus. */
const UNSCHEDULABLE_AFTER_MS = 15_000;

const atOnce =
  (remedy: string): Rule =>
  () =>
    remedy;
const afterTwo: Rule = ({ tries, seenMs, status }) =>
  tries >= 2 || status.restartCount >= 1 || seenMs >= RETRIED_AFTER_MS ? '' : undefined;

const configRemedy: Rule = ({ message }) =>
  /run as (root|non-numeric)|runAsNonRoot/.test(message)
    ? 'give the image a numeric user other than 0, or set securityContext.runAsUser'
    : 'add what the message names, or correct the reference to it';

const imagePull: Rule = ({ message, tries, elapsedMs }) => {
  if (/unauthorized|denied|authentication required/i.test(message)) {
    return 'let the namespace pull from this registry: add an imagePullSecret to its service account';
  }
  if (/not found|manifest unknown/i.test(message)) {
    return 'the registry does not have this image; check its name, and that it was pushed and not deleted';
  }
  if (elapsedMs < PULL_PATIENCE_MS && tries < 3) return undefined;
  return 'check that the nodes can reach the registry';
};

/** Waiting reasons of the kubelet that end a rollout early, and when (specification of health, fail-fast table). */
const WAITING: Readonly<Record<string, Rule>> = {
  InvalidImageName: atOnce('correct the name of the image'),
  ErrImageNeverPull: atOnce('set imagePullPolicy to IfNotPresent: the node does not hold the image'),
  CreateContainerConfigError: configRemedy,
  ErrImagePull: imagePull,
  ImagePullBackOff: imagePull,
  CreateContainerError: afterTwo,
  RunContainerError: afterTwo,
  StartError: afterTwo,
};

export interface PodFailureOptions {
  /** Whoever owns the pod counts itself how often its containers die; default false. */
  readonly mayCrash?: boolean;
}

/** Why this pod will not come right by itself, or `undefined` while it still may. */
export function podFailure(
  pod: Pod,
  context: HealthContext,
  { mayCrash = false }: PodFailureOptions = {},
): Status | undefined {
  for (const status of allContainerStatuses(pod)) {
    const failure =
      containerFailure(pod, status, context) ?? (mayCrash ? undefined : crash(pod, status, context));
    if (failure !== undefined) return failure;
  }
  return unschedulable(pod, context) ?? mountFailure(pod, context);
}

function containerFailure(pod: Pod, status: ContainerStatus, context: HealthContext): Status | undefined {
  const { reason = '', message = '' } = status.state?.waiting ?? {};
  const remedy = ruleFor(reason, message)?.({ message, status, ...seenOf(pod, status, context) });
  if (remedy === undefined) return undefined;
  return verdict('Failed', reason, sentence(containerTrouble(pod, status), remedy));
}

function seenOf(
  pod: Pod,
  { name }: ContainerStatus,
  { sightings, now }: HealthContext,
): Pick<Trouble, 'tries' | 'elapsedMs' | 'seenMs'> {
  const sighting = sightingOf(sightings, pod, name);
  if (sighting === undefined) return { tries: 1, elapsedMs: now - (startOf(pod) ?? now), seenMs: 0 };
  const elapsedMs = now - sighting.since;
  return { tries: sighting.tries, elapsedMs, seenMs: elapsedMs };
}

function crash(pod: Pod, status: ContainerStatus, { deaths, now }: HealthContext): Status | undefined {
  const remedy = crashRemedy(status, deaths?.get(keyOf(pod, status.name)), now);
  if (remedy === undefined) return undefined;
  return verdict('Failed', 'CrashLoopBackOff', sentence(containerTrouble(pod, status), remedy));
}

function ruleFor(reason: string, message: string): Rule | undefined {
  if (/runtime handler/i.test(message)) {
    return atOnce('correct runtimeClassName: no node knows this runtime');
  }
  return Object.hasOwn(WAITING, reason) ? WAITING[reason] : undefined;
}

const sentence = (trouble: string, remedy: string): string =>
  remedy === '' ? trouble : `${trouble.replace(/[.;]$/, '')}; ${remedy}`;

function unschedulable(pod: Pod, context: HealthContext): Status | undefined {
  const scheduled = findCondition(pod.status?.conditions, 'PodScheduled');
  if (scheduled?.status !== 'False' || scheduled.reason !== UNSCHEDULABLE) return undefined;
  if (isRoomComing(context.pods ?? [])) return undefined;
  const since = sinceOf(sightingOf(context.sightings, pod, ''), scheduled.lastTransitionTime) ?? context.now;
  if (context.now - since <= (context.unschedulableAfterMs ?? UNSCHEDULABLE_AFTER_MS)) return undefined;
  return awaitsNode(pod, context) ? undefined : noNode(pod, scheduled.message ?? '');
}

/** A new machine takes minutes; the rollout's own deadline is the limit then. */
const awaitsNode = ({ metadata: { name, namespace = '' } }: Pod, context: HealthContext): boolean =>
  context.podsAwaitingNode?.has(`${namespace}/${name}`) ?? false;

function noNode(pod: Pod, message: string): Status {
  const short = [...message.matchAll(/Insufficient ([\w./-]+\w)/g)].map(match => match[1]);
  const { name } = pod.metadata;
  const [lacks, remedy] =
    short.length === 0
      ? ['no node takes', 'look at its node selector and tolerations']
      : [`no node has enough ${[...new Set(short)].join(' and ')} for`, 'lower its requests or add a node'];
  return verdict('Failed', UNSCHEDULABLE, sentence(`${lacks} pod ${name} (${message})`, remedy));
}

/** An event stays after its trouble is over: only one that was written again late says that it lasts. */
function mountFailure(pod: Pod, { mountFailures }: HealthContext): Status | undefined {
  const failure = mountFailures?.get(pod.metadata.uid ?? '');
  if (failure === undefined || failure.lastAt - failure.since < MOUNT_PATIENCE_MS) return undefined;
  if (hasVolumes(pod)) return undefined;
  return verdict(
    'Failed',
    'FailedMount',
    sentence(`pod ${pod.metadata.name} cannot mount its volumes: ${failure.message}`, ''),
  );
}

/** Volumes are mounted before the pod's sandbox is made, and that before any image is pulled. */
const hasVolumes = (pod: Pod): boolean =>
  isTrue(pod.status?.conditions, 'PodReadyToStartContainers') || hasStarted(pod);

const hasStarted = (pod: Pod): boolean =>
  allContainerStatuses(pod).some(
    ({ state, lastState }) =>
      (state !== undefined && state.waiting === undefined) || lastState?.terminated !== undefined,
  );

const sinceOf = (sighting: Sighting | undefined, clusterTime: string | undefined): number | undefined =>
  sighting?.since ?? timestamp(clusterTime);

const startOf = (pod: Pod): number | undefined =>
  timestamp(pod.status?.startTime ?? pod.metadata.creationTimestamp);
