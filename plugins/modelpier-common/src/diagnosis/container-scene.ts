import { formatDuration } from '../format';
import { timestamp } from '../workload/conditions';
import type { ContainerEvidence, EventEvidence, Evidence, NodeEvidence, PodEvidence } from './evidence';
import type { Facts } from './facts';

/** Everything that is known about one container that is not well. */
export interface Scene {
  readonly container: ContainerEvidence;
  readonly pod: PodEvidence;
  readonly node: NodeEvidence | undefined;
  /** Of this container, or of the pod as a whole. */
  readonly events: readonly EventEvidence[];
  readonly facts: Facts;
}
export type Rule<F> = (scene: Scene) => F | undefined;

export const sceneOf = (
  container: ContainerEvidence,
  pod: PodEvidence,
  { evidence, facts }: { readonly evidence: Evidence; readonly facts: Facts },
): Scene => ({
  container,
  pod,
  facts,
  node: evidence.nodes.find(({ name }) => name === pod.node),
  events: eventsOf(pod, evidence).filter(
    event => event.container === undefined || event.container === container.name,
  ),
});

export const eventsOf = ({ ref }: Pick<PodEvidence, 'ref'>, { events }: Evidence): readonly EventEvidence[] =>
  events.filter(
    ({ object: { kind, name, namespace } }) =>
      kind === ref.kind && name === ref.name && namespace === ref.namespace,
  );

type Ended = NonNullable<NonNullable<ContainerEvidence['state']>['terminated']>;

/** How its last run ended, where one has. */
export const endOf = ({ state, lastState }: ContainerEvidence): Ended | undefined =>
  state?.terminated ?? lastState?.terminated;

export function ranMs({ startedAt, finishedAt }: Ended): number | undefined {
  const [from, to] = [timestamp(startedAt), timestamp(finishedAt)];
  return from === undefined || to === undefined ? undefined : to - from;
}

/** What the run that ended wrote last; where its log cannot be read, what the kubelet kept of it. */
export function lastLines({ state, lastState, log, previousLog }: ContainerEvidence): readonly string[] {
  const ended = state?.terminated ?? lastState?.terminated;
  const logs = state?.running === undefined ? [log, previousLog] : [previousLog, log];
  const written = logs.find(lines => lines !== undefined && lines.length > 0);
  return written ?? (ended?.message === undefined ? [] : ended.message.split('\n'));
}

/** "container model of pod mnist-7d4-x2k". */
export const nameOf = ({ container, pod }: Scene): string =>
  `${container.isInit ? 'init container' : 'container'} ${container.name} of pod ${pod.ref.name}`;

/** " 12 s after its start (restarted 3 times)". */
export function afterStart({ container }: Scene): string {
  const ended = endOf(container);
  const ms = ended === undefined ? undefined : ranMs(ended);
  // The kubelet writes whole seconds.
  const told = ms === 0 ? 'within a second of' : `${formatDuration(ms ?? null)} after`;
  const after = ms === undefined ? '' : ` ${told} its start`;
  return container.restarts === 0 ? after : `${after} (restarted ${times(container.restarts)})`;
}

export const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
