import { findCondition } from './conditions';
import type { ContainerStatus, Pod } from './pod';

/**
 * How often and since when a container was seen waiting for one reason, by our own clock: a container's
 * waiting state carries no time of its own, and the cluster's clock may differ from ours.
 */
export interface Sighting {
  readonly trouble: string;
  /** As the kubelet last named it. */
  readonly reason: string;
  readonly since: number;
  /** How often the kubelet came to the trouble anew; other changes of the pod say nothing of that. */
  readonly tries: number;
}
export type Sightings = ReadonlyMap<string, Sighting>;

/** A failed try to pull and the pause before the next one alternate; for us they are one trouble. */
const PAUSES: Readonly<Record<string, string>> = { ImagePullBackOff: 'ErrImagePull' };

export const UNSCHEDULABLE = 'Unschedulable';

/** The sightings after a look at these pods; what is no longer seen is forgotten. */
export function observePods(previous: Sightings, pods: readonly Pod[], now: number): Sightings {
  const next = new Map<string, Sighting>();
  for (const pod of pods) {
    for (const [key, reason] of troublesOf(pod)) {
      const mayEnd = reason === UNSCHEDULABLE && isRoomComing(pods);
      next.set(key, seen(mayEnd ? undefined : previous.get(key), reason, now));
    }
  }
  return next;
}

/** Whether one of these pods is about to leave its node: until then nothing is said of who finds no room. */
export const isRoomComing = (pods: readonly Pod[]): boolean =>
  pods.some(
    ({ metadata, spec, status }) =>
      metadata.deletionTimestamp !== undefined &&
      spec.nodeName !== undefined &&
      !['Succeeded', 'Failed'].includes(status?.phase ?? ''),
  );

export const sightingOf = (
  sightings: Sightings | undefined,
  pod: Pod,
  container: string,
): Sighting | undefined => sightings?.get(keyOf(pod, container));

/** Names a container among all that are watched. */
export const keyOf = (pod: Pod, container: string): string =>
  `${pod.metadata.uid ?? pod.metadata.name}/${container}`;

export function* containersOf(pods: readonly Pod[]): Iterable<[key: string, status: ContainerStatus]> {
  for (const pod of pods) {
    for (const status of allContainerStatuses(pod)) yield [keyOf(pod, status.name), status];
  }
}

const waitingReason = ({ state }: ContainerStatus): string | undefined => state?.waiting?.reason;

function* troublesOf(pod: Pod): Iterable<[key: string, reason: string]> {
  if (findCondition(pod.status?.conditions, 'PodScheduled')?.reason === UNSCHEDULABLE) {
    yield [keyOf(pod, ''), UNSCHEDULABLE];
  }
  for (const status of allContainerStatuses(pod)) {
    const reason = waitingReason(status);
    if (reason !== undefined) yield [keyOf(pod, status.name), reason];
  }
}

export const allContainerStatuses = (pod: Pod): readonly ContainerStatus[] => [
  ...(pod.status?.initContainerStatuses ?? []),
  ...(pod.status?.containerStatuses ?? []),
];

function seen(before: Sighting | undefined, reason: string, now: number): Sighting {
  const pauseOf = Object.hasOwn(PAUSES, reason) ? PAUSES[reason] : undefined;
  const trouble = pauseOf ?? reason;
  if (before?.trouble !== trouble) return { trouble, reason, since: now, tries: 1 };
  if (before.reason === reason) return before;
  return { ...before, reason, tries: before.tries + (pauseOf === undefined ? 1 : 0) };
}
