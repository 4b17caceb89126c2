import {
  type ContainerEvidence,
  describeContainer,
  describeEvent,
  describePod,
  type Evidence,
  formatAmount,
  formatObjectRef,
  type NodeEvidence,
  type PodEvidence,
} from '@modelpier/backstage-plugin-modelpier-common';
import { code, codeBlock, details, escapeMarkdown, htmlCode, table } from './markdown';

/** How the release stood when its verdict fell, before anything was undone. */
export function renderEvidence(evidence: Evidence): string {
  const { capturedAt, pods, events, nodes, gaps } = evidence;
  const parts = [
    `Captured at ${escapeMarkdown(capturedAt)}, before anything was undone.`,
    ...pods.map(renderPod),
    ...(events.length === 0 ? [] : [renderEvents(events)]),
    ...(nodes.length === 0 ? [] : [renderNodes(nodes)]),
    ...(gaps.length === 0
      ? []
      : ['#### Not captured', gaps.map(gap => `- ${escapeMarkdown(gap)}`).join('\n')]),
  ];
  return details('Evidence: pods, logs, events', parts.join('\n\n'));
}

function renderPod(pod: PodEvidence): string {
  const message = pod.message === undefined ? '' : `: ${escapeMarkdown(pod.message)}`;
  const rows = pod.containers.map(container => [
    code(container.name),
    escapeMarkdown(describeContainer(container)),
    amountsCell(container.requests),
    amountsCell(container.limits),
  ]);
  return [
    `#### ${code(formatObjectRef(pod.ref))}`,
    `${escapeMarkdown(describePod(pod))}${message}`,
    table([{ title: 'container' }, { title: 'state' }, { title: 'requests' }, { title: 'limits' }], rows),
    ...pod.containers.flatMap(renderLogs),
  ].join('\n\n');
}

const amountsCell = (amounts: ContainerEvidence['limits'] = {}): string =>
  Object.entries(amounts)
    .map(([resource, amount]) => `${escapeMarkdown(resource)} ${escapeMarkdown(amount)}`)
    .join(', ');

/** The log of the run that failed stands open: it is what everybody reads first. */
function renderLogs({ name, log = [], previousLog = [] }: ContainerEvidence): readonly string[] {
  const render = (title: string, lines: readonly string[], open: boolean): readonly string[] =>
    lines.length === 0
      ? []
      : [details(`${title} ${htmlCode(name)}`, codeBlock(lines.join('\n'), 'text'), { open })];
  return [
    ...render('Last lines of container', log, true),
    ...render('Last lines of the run before of container', previousLog, log.length === 0),
  ];
}

const renderEvents = (events: Evidence['events']): string =>
  [
    '#### Events',
    table(
      [{ title: 'last seen' }, { title: 'object' }, { title: 'event' }, { title: 'message' }],
      events.map(event => [
        escapeMarkdown(event.lastAt ?? ''),
        code(`${event.object.kind}/${event.object.name}`),
        escapeMarkdown(describeEvent(event)),
        escapeMarkdown(event.message),
      ]),
    ),
  ].join('\n\n');

const renderNodes = (nodes: readonly NodeEvidence[]): string =>
  [
    '#### Nodes',
    table(
      [{ title: 'node' }, { title: 'state' }, { title: 'offers' }, { title: 'requested by its pods' }],
      nodes.map(node => [
        code(node.name),
        escapeMarkdown([node.isReady ? 'ready' : 'not ready', ...node.troubles].join(', ')),
        offerCell(node.allocatable),
        node.requested === undefined ? '' : offerCell(node.requested),
      ]),
    ),
  ].join('\n\n');

/** What pods are mostly short of; a node lists many more. */
const offerCell = (amounts: NodeEvidence['allocatable']): string =>
  Object.entries(amounts)
    .filter(([resource]) => resource === 'cpu' || resource === 'memory' || resource.includes('/'))
    .map(
      ([resource, amount]) =>
        `${escapeMarkdown(formatAmount(resource, amount))}${resource === 'memory' ? ' of memory' : ''}`,
    )
    .join(', ');
