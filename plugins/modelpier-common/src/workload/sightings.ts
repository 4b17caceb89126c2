import { findCondition } from './conditions';
import type { ContainerStatus, Pod } from './pod';

/**
 * How often and since when a container was seen waiting for one reason, by our own clock: a container's
 * waiting state carries no time of its own, and the cluster's clock may differ from ours.
 */
export interface Sighting {
  readonly reason: string;
  readonly since: number;
  readonly lastAt: number;
  readonly version: string | undefined;
  readonly count: number;
}
export type Sightings = ReadonlyMap<string, Sighting>;

/** An unchanged pod counts as seen again after this long: the kubelet's first back-off is 10 s. */
const SEEN_AGAIN_MS = 10_000;

/** A failed pull alternates between the two; for us it is one trouble. */
const FAMILY: Readonly<Record<string, string>> = { ErrImagePull: 'ImagePullBackOff' };

export const UNSCHEDULABLE = 'Unschedulable';

/** The sightings after a look at these pods; what is no longer seen is forgotten. */
export function observePods(previous: Sightings, pods: readonly Pod[], now: number): Sightings {
  const next = new Map<string, Sighting>();
  for (const pod of pods) {
    for (const [key, reason] of troublesOf(pod)) {
      next.set(key, seen(previous.get(key), { reason, version: pod.metadata.resourceVersion, now }));
    }
  }
  return next;
}

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
    if (reason !== undefined) yield [keyOf(pod, status.name), FAMILY[reason] ?? reason];
  }
}

export const allContainerStatuses = (pod: Pod): readonly ContainerStatus[] => [
  ...(pod.status?.initContainerStatuses ?? []),
  ...(pod.status?.containerStatuses ?? []),
];

function seen(
  before: Sighting | undefined,
  at: { reason: string; version: string | undefined; now: number },
): Sighting {
  const { reason, version, now } = at;
  if (before?.reason !== reason) return { reason, version, since: now, lastAt: now, count: 1 };
  const isNew = before.version !== version || now - before.lastAt >= SEEN_AGAIN_MS;
  return isNew ? { ...before, version, lastAt: now, count: before.count + 1 } : before;
}
