import {
  formatBytes,
  formatPercent,
  type Report,
  type ReportedDeployment,
  type ReportedImage,
} from '@modelpier/backstage-plugin-modelpier-common';
import { code, escapeMarkdown, table } from './markdown';

/** What a reader of a GitHub release wants to know of its model; nothing where the run made or deployed none. */
export function renderReleaseNotes(report: Report): string | undefined {
  if (!hasReleased(report)) return undefined;
  const { model, image, deployment } = report;
  const reference = deployment?.image ?? image?.reference;
  if (model === undefined || reference === undefined) return undefined;
  const rows = [
    ['image', code(reference)],
    ...(image === undefined ? [] : imageRows(image)),
    ...(model.metrics === undefined ? [] : [['metrics', metricsOf(model.metrics)]]),
    ...(deployment === undefined ? [] : [['runs in', placeOf(deployment)]]),
  ];
  return [
    `### ${escapeMarkdown(`${model.title ?? model.name} ${model.version}`)}`,
    table([{ title: 'what' }, { title: 'value' }], rows),
    renderVerification(reference, image),
  ].join('\n\n');
}

function imageRows({ tags, platforms, platform, modelDigest, ...bytes }: ReportedImage): string[][] {
  const { bytesPushed, bytesReused, bytesTotal } = bytes;
  const share = formatPercent(bytesTotal === 0 ? null : bytesReused / bytesTotal);
  const names = platforms?.map(each => each.platform) ?? [platform];
  return [
    ['tags', tags.map(code).join(', ')],
    ['platforms', names.join(', ')],
    ['pushed', formatBytes(bytesPushed)],
    ['reused', `${formatBytes(bytesReused)} of ${formatBytes(bytesTotal)}, ${share}`],
    ['model digest', code(modelDigest)],
  ];
}

/** A plan, a dry run, a build without a push and a failure leave nothing to tell of; a rollback is no news of its tag. */
const hasReleased = ({ mode, failure, image, deployment }: Report): boolean =>
  mode !== 'rollback' &&
  failure === undefined &&
  image?.isPushed !== false &&
  deployment?.status !== 'planned';

const placeOf = ({ environment, namespace, status }: ReportedDeployment): string =>
  `${escapeMarkdown(environment ?? namespace)} (${status})`;

const metricsOf = (metrics: Readonly<Record<string, number>>): string =>
  Object.entries(metrics)
    .map(([name, value]) => `${escapeMarkdown(name)} ${value}`)
    .join(', ');

/** The digest is the check: a client refuses bytes that are not of it. */
function renderVerification(reference: string, image: ReportedImage | undefined): string {
  const lines = [`docker pull ${reference} # by digest: other bytes are refused`];
  const [tag] = image?.tags ?? [];
  const [repository = reference, digest = ''] = reference.split('@');
  if (tag !== undefined) {
    lines.push(
      `docker buildx imagetools inspect ${repository}:${tag} # says ${digest} while the tag is where it was`,
    );
  }
  return ['To verify:', '', '```sh', ...lines, '```'].join('\n');
}
