import {
  type ContainerEvidence,
  describeContainer,
  describeEvent,
  describePod,
  type Evidence,
  explained,
  formatObjectRef,
  type PodEvidence,
  type ReportedDeployment,
} from '@modelpier/backstage-plugin-modelpier-common';

/** Lines of a log under a title that folds them. */
export interface LogGroup {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Why a release failed, for the job's log: the diagnosis, then how each pod stood and what it said. */
export function failureLog({ diagnosis = [], evidence }: ReportedDeployment): readonly LogGroup[] {
  const why = diagnosis.flatMap(each => [explained(each), `  to mend it: ${each.fix}`]);
  return [
    { title: 'Why it failed', lines: why },
    ...(evidence === undefined ? [] : evidenceGroups(evidence)),
  ].filter(({ lines }) => lines.length > 0);
}

function evidenceGroups(evidence: Evidence): readonly LogGroup[] {
  const { pods, events, gaps } = evidence;
  const isOfPod = ({ object }: Evidence['events'][number]): boolean =>
    pods.some(({ ref }) => ref.kind === object.kind && ref.name === object.name);
  const others = events
    .filter(event => !isOfPod(event))
    .map(event => `${formatObjectRef(event.object)}: ${eventLine(event)}`);
  return [
    ...pods.map(pod => ({
      title: `Evidence: ${formatObjectRef(pod.ref)}`,
      lines: podLines(
        pod,
        events.filter(({ object }) => object.kind === 'Pod' && object.name === pod.ref.name),
      ),
    })),
    { title: 'Evidence: other events', lines: others },
    { title: 'Evidence that is missing', lines: gaps },
  ];
}

const podLines = (pod: PodEvidence, events: Evidence['events']): readonly string[] => [
  `${describePod(pod)}${pod.message === undefined ? '' : `: ${pod.message}`}`,
  ...pod.containers.flatMap(containerLines),
  ...events.map(event => `event ${eventLine(event)}`),
];

const containerLines = (container: ContainerEvidence): readonly string[] => [
  `container ${container.name}: ${describeContainer(container)}`,
  ...logLines('log', container.log),
  ...logLines('log of the run before', container.previousLog),
];

const logLines = (title: string, lines: readonly string[] = []): readonly string[] =>
  lines.length === 0 ? [] : [`  ${title}:`, ...lines.map(line => `  | ${line}`)];

const eventLine = (event: Evidence['events'][number]): string => `${describeEvent(event)}: ${event.message}`;
