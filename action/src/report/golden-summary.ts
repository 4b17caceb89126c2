import {
  formatCount,
  formatDuration,
  type GoldenRun,
  type Report,
  type ReportedGolden,
} from '@modelpier/backstage-plugin-modelpier-common';
import { code, escapeMarkdown, table } from './markdown';

/** Pods answer alike; those after the first few are counted. */
const MOST_RUNS = 20;

/** What the image and the pods answered to the cases of the golden file. */
export function renderGolden({ golden: ofImage, deployment }: Report): string | undefined {
  const ofPods = deployment?.golden;
  const checks = [
    ...(ofImage === undefined ? [] : [{ ...ofImage, when: 'before the tags' }]),
    ...(ofPods === undefined ? [] : [{ ...ofPods, when: 'new pods' }]),
  ];
  const [first] = checks;
  if (first === undefined) return undefined;
  const rows = checks.flatMap(({ when, runs }) => runs.slice(0, MOST_RUNS).map(run => rowOf(when, run)));
  const omitted = checks.reduce((sum, { runs }) => sum + Math.max(0, runs.length - MOST_RUNS), 0);
  return [
    '### Golden check',
    `${formatCount(first.cases, 'case')} of ${code(first.file)}${limitOf(first)}`,
    ...(rows.length === 0 ? ['No pod runs the image, so nothing was asked.'] : [table(HEAD, rows)]),
    ...(omitted === 0 ? [] : [`and ${formatCount(omitted, 'pod')} more`]),
  ].join('\n\n');
}

const HEAD = [
  { title: 'when' },
  { title: 'who was asked' },
  { title: 'verdict' },
  { title: 'p50', align: 'right' },
  { title: 'p95', align: 'right' },
  { title: 'p99', align: 'right' },
  { title: 'ready after', align: 'right' },
  { title: 'why' },
] as const;

const rowOf = (when: string, run: GoldenRun): readonly string[] => [
  when,
  escapeMarkdown(run.subject),
  run.verdict,
  ...(['p50Ms', 'p95Ms', 'p99Ms'] as const).map(name =>
    run.latency === undefined ? '' : `${run.latency[name]} ms`,
  ),
  run.coldStartMs === undefined ? '' : formatDuration(run.coldStartMs),
  escapeMarkdown(run.reason ?? ''),
];

const limitOf = ({ p95LimitMs }: ReportedGolden): string =>
  p95LimitMs === undefined ? '' : `, p95 at most ${p95LimitMs} ms`;
