import {
  type ContainerStatus,
  parsePod,
  type Pod,
  type PodEvidence,
  podEvidenceOf,
  tailOf,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Source } from './source';

/** Of a pod with more containers than that nobody reads all. */
const MOST_LOGS = 5;
/** More than is kept: blank lines and progress bars go. */
const TAIL_LINES = 100;

type Logs = ReadonlyMap<string, readonly string[]>;

/** The pod as it is now, with the last words of its containers; nothing where it is gone. */
export async function capturePod(pod: Pod, source: Source): Promise<PodEvidence | undefined> {
  const { name, namespace } = pod.metadata;
  // Listed, not got: that right is there for watching already.
  const fieldSelector = `metadata.name=${name}`;
  const [object] =
    (await source.attempt('pods', () =>
      source.list({ apiVersion: 'v1', kind: 'Pod', namespace, fieldSelector }),
    )) ?? [];
  if (object === undefined) return undefined;
  const talking = talkingOf(parsePod(object));
  const restarted = talking.filter(({ restartCount }) => restartCount > 0);
  const [current, previous] = await Promise.all([
    readLogs(pod, talking, source),
    readLogs(pod, restarted, source, { previous: true }),
  ]);
  return podEvidenceOf(object, { current, previous });
}

/** The containers that have something to say, those that ended first. */
function talkingOf({ status }: Pod): readonly ContainerStatus[] {
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const unwell = all.filter(each => !each.ready || each.restartCount > 0);
  const hasEnded = ({ state, lastState }: ContainerStatus): boolean =>
    (state?.terminated ?? lastState?.terminated) !== undefined;
  const running = unwell.filter(each => !hasEnded(each) && each.state?.running !== undefined);
  return [...unwell.filter(hasEnded), ...running].slice(0, MOST_LOGS);
}

async function readLogs(
  { metadata: { name, namespace = '' } }: Pod,
  containers: readonly ContainerStatus[],
  source: Source,
  { previous = false } = {},
): Promise<Logs> {
  const { cluster, signal } = source;
  const read = await Promise.all(
    containers.map(async ({ name: container }) => {
      const log = await source.attempt('logs', () =>
        cluster.readLog({ namespace, name }, { container, tailLines: TAIL_LINES, previous, signal }),
      );
      return [container, log] as const;
    }),
  );
  return new Map(read.flatMap(([container, log]) => (log === undefined ? [] : [[container, tailOf(log)]])));
}
