import { type Digest, shortDigest } from '../image/digest';
import type { Pod } from './pod';
import { allContainerStatuses } from './sightings';
import type { Status } from './status';
import { pods as countedPods, verdict } from './verdict';

/** Whether the ready pods of the newest revision run the digests they must: counts alone cannot tell. */
export function digestGate(
  ready: readonly Pod[],
  wanted: number,
  digests: Readonly<Record<string, Digest>>,
): Status | undefined {
  const expected = Object.entries(digests);
  if (expected.length === 0) return undefined;
  if (ready.length < wanted) {
    return verdict(
      'InProgress',
      'PodsNotSeen',
      `${ready.length} of ${countedPods(wanted)} of the new revision seen`,
    );
  }
  for (const pod of ready) {
    for (const [container, digest] of expected) {
      const wrong = wrongImage(pod, container, digest);
      if (wrong !== undefined) return verdict('InProgress', 'WrongImage', wrong);
    }
  }
  return undefined;
}

function wrongImage(pod: Pod, container: string, digest: Digest): string | undefined {
  const status = allContainerStatuses(pod).find(({ name }) => name === container);
  if (status?.imageID?.endsWith(digest) === true) return undefined;
  const running =
    status === undefined ? 'is not there' : `runs ${status.imageID ?? 'an image not yet known'}`;
  return `container ${container} of pod ${pod.metadata.name} ${running}, not sha256:${shortDigest(digest)}`;
}
