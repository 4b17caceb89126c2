import {
  type Cause,
  causeWords,
  type DeploymentStatus,
  formatBytes,
  formatDuration,
  formatPercent,
  isTooSlow,
  type Mode,
  type Report,
  type ReportedDeployment,
  type ReportedImage,
} from '@modelpier/backstage-plugin-modelpier-common';

/** The run in one sentence, for the log, the summary and GitHub's deployment status. */
export function renderSentence(report: Report): string {
  const subject = report.model === undefined ? 'The run' : `${report.model.name} ${report.model.version}`;
  const facts = [
    outcomeOf(report),
    ...deploymentFacts(report.deployment),
    ...imageFacts(report.image),
    tookOf(report),
  ];
  return `${subject} ${facts.join(', ')}`;
}

function outcomeOf({ mode, failure, deployment, image, golden }: Report): string {
  const where = deployment === undefined ? '' : ` in ${deployment.environment ?? deployment.namespace}`;
  // A plan that is refused leaves what runs as it is.
  if (failure !== undefined && mode === 'plan') return `cannot be released${where}`;
  if (failure !== undefined) return `failed${where}${whyOf(deployment, golden)}${wentBack(deployment)}`;
  if (deployment !== undefined)
    return `${MODE_OUTCOMES[mode]?.[deployment.status] ?? OUTCOMES[deployment.status]}${where}`;
  return mode === 'plan' ? 'is planned' : imageOutcome(image);
}

function imageOutcome(image: ReportedImage | undefined): string {
  // Of an image that was not pushed a builder may not know the digest, and so tell nothing.
  if (image === undefined || image.isPushed === false) return 'is built and not pushed';
  return image.changed ? 'is in the registry' : 'was already in the registry';
}

function whyOf(deployment: ReportedDeployment | undefined, golden: Report['golden']): string {
  const cause = deployment?.diagnosis?.[0]?.cause ?? goldenCause(golden);
  return cause === undefined ? '' : ` (${causeWords(cause)})`;
}

function goldenCause(golden: Report['golden']): Cause | undefined {
  if (golden?.verdict !== 'failed') return undefined;
  return golden.runs.every(isTooSlow) ? 'golden-slow' : 'golden-answer';
}

function wentBack(deployment: ReportedDeployment | undefined): string {
  if (deployment?.rollback === undefined) return '';
  const { to, outcome } = deployment.rollback;
  return outcome === 'healthy'
    ? ` and was rolled back to ${to.version}`
    : `, and so did its rollback to ${to.version}`;
}

const OUTCOMES = {
  healthy: 'is healthy',
  unchanged: 'is unchanged and healthy',
  planned: 'is planned',
  applied: 'is applied and not waited for',
  failed: 'failed',
  'rolled-back': 'failed and was rolled back',
} as const;

/** Where how it came there says more. */
const MODE_OUTCOMES: Readonly<Partial<Record<Mode, Partial<Record<DeploymentStatus, string>>>>> = {
  promote: { healthy: 'is promoted and healthy', unchanged: 'is promoted, unchanged and healthy' },
  rollback: { healthy: 'is back and healthy', unchanged: 'was there already and is healthy' },
};

function deploymentFacts(deployment: ReportedDeployment | undefined): readonly string[] {
  // The ready ones of a failed release are those of the release before.
  const isTold = deployment?.status === 'healthy' || deployment?.status === 'unchanged';
  if (!isTold || deployment.replicas === undefined) return [];
  return [`${deployment.replicas.ready}/${deployment.replicas.desired} replicas`];
}

function imageFacts(image: ReportedImage | undefined): readonly string[] {
  if (image === undefined) return [];
  const share = image.bytesTotal === 0 ? null : image.bytesReused / image.bytesTotal;
  return [
    `${formatBytes(image.bytesPushed)} of ${formatBytes(image.bytesTotal)} ${image.isPushed === false ? 'to push' : 'pushed'}`,
    `${formatPercent(share)} reused`,
  ];
}

const tookOf = ({ startedAt, finishedAt }: Report): string =>
  formatDuration(Date.parse(finishedAt) - Date.parse(startedAt));
