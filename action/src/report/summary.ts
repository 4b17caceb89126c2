import {
  formatDuration,
  formatObjectRef,
  type Report,
  type ReportedDeployment,
} from '@modelpier/backstage-plugin-modelpier-common';
import { renderFailure } from './failure-summary';
import { renderGolden } from './golden-summary';
import { renderImage } from './image-summary';
import { renderInspection } from './inspection-summary';
import { code, details, escapeMarkdown, table } from './markdown';
import { renderNothingCompared, renderPlan } from './plan-summary';
import { renderProof } from './proof-summary';
import { renderSentence } from './sentence';

/** GitHub cuts a step's summary at 1 MiB; long tables stop well before. */
const MOST_ROWS = 200;
/** What the diffs of a plan may take of it, at up to four bytes a character. */
const DIFF_CHARACTERS = 200_000;

/** The job summary: what happened, in one sentence and then in detail. */
export function renderSummary(report: Report): string {
  const parts = [
    `## ${escapeMarkdown(renderSentence(report))}`,
    renderFailure(report),
    ...renderInspection(report),
    report.image === undefined ? undefined : renderImage(report.image),
    renderGolden(report),
    renderProof(report),
    report.deployment === undefined ? undefined : renderDeployment(report.deployment),
    isPlanOfImage(report) ? renderNothingCompared() : undefined,
    report.warnings.length === 0 ? undefined : renderWarnings(report.warnings),
    renderFacts(report),
  ];
  return `${parts.filter(part => part !== undefined).join('\n\n')}\n`;
}

/** There was no cluster to compare with, which is no failure. */
const isPlanOfImage = ({ mode, deployment, failure }: Report): boolean =>
  mode === 'plan' && deployment === undefined && failure === undefined;

function renderDeployment(deployment: ReportedDeployment): string {
  if (deployment.status === 'planned') return renderPlan(deployment, { mostCharacters: DIFF_CHARACTERS });
  const { rollback } = deployment;
  const parts = ['### Rollout', ...renderRollout(deployment)];
  if (rollback !== undefined) {
    const { to, image, outcome } = rollback;
    parts.push(`### Rollback to ${escapeMarkdown(to.version)}`, `${code(image)} is ${outcome}`);
    parts.push(...renderRollout(rollback));
  }
  return parts.join('\n\n');
}

/** How each object stands in the end, and how it came there. */
function renderRollout(told: Pick<ReportedDeployment, 'objects' | 'timeline'>): readonly string[] {
  const objects = told.objects.map(({ ref, action, status }) => [
    code(formatObjectRef(ref)),
    action,
    status.state,
    escapeMarkdown(status.message),
  ]);
  const events = told.timeline
    .slice(0, MOST_ROWS)
    .map(({ atMs, object, status }) => [
      formatDuration(atMs),
      code(formatObjectRef(object)),
      status.state,
      escapeMarkdown(status.message),
    ]);
  const head = [
    { title: 'after', align: 'right' },
    { title: 'object' },
    { title: 'health' },
    { title: 'why' },
  ] as const;
  return [
    table([{ title: 'object' }, { title: 'apply' }, { title: 'health' }, { title: 'why' }], objects),
    ...(events.length === 0 ? [] : [details('Timeline', table(head, events))]),
  ];
}

export const renderWarnings = (warnings: readonly string[]): string =>
  ['### Warnings', ...warnings.map(warning => `- ${escapeMarkdown(warning)}`)].join('\n\n');

function renderFacts({ model, image, run }: Report): string | undefined {
  const rows = [
    ['model', model === undefined ? undefined : `${escapeMarkdown(model.name)} (${model.format})`],
    ['metrics', model?.metrics === undefined ? undefined : metricsCell(model.metrics)],
    ['model digest', image === undefined ? undefined : code(image.modelDigest)],
    ['base image', image?.base === undefined ? undefined : code(baseOf(image.base))],
    ['commit', run.commit === undefined ? undefined : code(run.commit)],
    ['by', run.actor === undefined ? undefined : escapeMarkdown(run.actor)],
  ].filter((row): row is string[] => row[1] !== undefined);
  if (rows.length === 0) return undefined;
  return ['### Facts', table([{ title: 'what' }, { title: 'value' }], rows)].join('\n\n');
}

/** With its digest, which the reference may hold already. */
const baseOf = ({ reference, digest }: { readonly reference: string; readonly digest: string }): string =>
  reference.endsWith(digest) ? reference : `${reference}@${digest}`;

const metricsCell = (metrics: Readonly<Record<string, number>>): string =>
  Object.entries(metrics)
    .map(([name, value]) => `${escapeMarkdown(name)} ${value}`)
    .join(', ');
