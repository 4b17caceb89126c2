import {
  formatBytes,
  formatCount,
  formatNewLayerReason,
  formatPercent,
  isSent,
  type ReportedImage,
  type ReportedLayer,
  shortDigest,
} from '@modelpier/backstage-plugin-modelpier-common';
import { type Align, code, escapeMarkdown, table } from './markdown';

/** GitHub cuts a step's summary at 1 MiB; a long table stops well before. */
const MOST_ROWS = 200;

/** What the image is, where it is, what it shares, and each of its layers. */
export const renderImage = (image: ReportedImage): string =>
  [
    '### Image',
    `${code(image.reference)} on ${platformsOf(image).map(escapeMarkdown).join(' and ')}, tags ${image.tags.map(code).join(', ')}`,
    ...(image.copies ?? []).map(renderCopy),
    ...renderReuses(image),
    renderLayers(image),
  ].join('\n\n');

const platformsOf = ({ platform, platforms }: ReportedImage): readonly string[] =>
  platforms?.map(entry => entry.platform) ?? [platform];

const renderCopy = ({ reference, changed, bytesPushed, bytesReused }: Copy): string =>
  `Also ${changed ? 'in' : 'there before:'} ${code(reference)}: ${formatBytes(bytesPushed)} pushed, ` +
  `${formatBytes(bytesReused)} reused`;

type Copy = NonNullable<ReportedImage['copies']>[number];

/** A release is measured platform by platform; what platforms share is another figure. */
function renderReuses({ reuse, platforms, sharing }: ReportedImage): readonly string[] {
  if (platforms === undefined) return [renderReuse('Reuse', reuse)];
  return [
    ...platforms.map(entry => renderReuse(`Reuse on ${escapeMarkdown(entry.platform)}`, entry.reuse)),
    ...(sharing === undefined ? [] : [renderReuse('Shared among the platforms', sharing)]),
  ];
}

function renderReuse(title: string, { ratio, newBytes, totalBytes, reason }: ReportedImage['reuse']): string {
  const why = reason === undefined ? undefined : escapeMarkdown(reason);
  if (ratio === null) return `${title}: ${why ?? 'not known'}`;
  return (
    `${title} R = 1 - ${formatBytes(newBytes)} / ${formatBytes(totalBytes)} = ${formatPercent(ratio)}` +
    (why === undefined ? '' : ` (${why})`)
  );
}

interface Column {
  readonly title: string;
  readonly align?: Align;
  readonly cell: (layer: ReportedLayer) => string;
  /** Of the layers that have no row of their own, or of all. */
  readonly sum?: (layers: readonly ReportedLayer[]) => string;
}

/** Bytes that were sent and bytes that were not make up the size, in each row and in the last. */
const COLUMNS: readonly Column[] = [
  { title: 'layer', cell: ({ digest }) => code(shortDigest(digest)) },
  { title: 'kind', cell: ({ kind }) => kind },
  bytesColumn('size', () => true),
  bytesColumn('pushed', ({ fate }) => isSent(fate)),
  bytesColumn('reused', ({ fate }) => !isSent(fate)),
  { title: 'fate', cell: ({ fate }) => fate },
];
const FILES: Column = { title: 'files', cell: ({ files }) => filesCell(files) };
const PLATFORM: Column = { title: 'platform', cell: ({ platform = '' }) => escapeMarkdown(platform) };
const WHY_NEW: Column = {
  title: 'new because',
  cell: ({ whyNew }) => (whyNew === undefined ? '' : escapeMarkdown(formatNewLayerReason(whyNew))),
};

function bytesColumn(title: string, counts: (layer: ReportedLayer) => boolean): Column {
  const sum = (layers: readonly ReportedLayer[]): string =>
    formatBytes(layers.filter(counts).reduce((total, { sizeBytes }) => total + sizeBytes, 0));
  return { title, align: 'right', cell: layer => sum([layer]), sum };
}

function renderLayers({ layers, platforms }: ReportedImage): string {
  const columns = [
    ...COLUMNS.slice(0, 1),
    ...(platforms === undefined ? [] : [PLATFORM]),
    ...COLUMNS.slice(1),
    ...(layers.some(({ whyNew }) => whyNew !== undefined) ? [WHY_NEW] : []),
    FILES,
  ];
  const sumRow = (title: string, summed: readonly ReportedLayer[]): readonly string[] =>
    columns.map(({ sum }, position) => (position === 0 ? title : (sum?.(summed) ?? '')));
  const rest = layers.slice(MOST_ROWS);
  return table(columns, [
    ...layers.slice(0, MOST_ROWS).map(layer => columns.map(({ cell }) => cell(layer))),
    ...(rest.length === 0 ? [] : [sumRow(`and ${formatCount(rest.length, 'more layer')}`, rest)]),
    sumRow(formatCount(layers.length, 'layer'), layers).map(cell => (cell === '' ? '' : `**${cell}**`)),
  ]);
}

function filesCell(files: readonly string[]): string {
  const shown = files.slice(0, 3).map(code).join(' ');
  return files.length <= 3 ? shown : `${shown} and ${files.length - 3} more`;
}
