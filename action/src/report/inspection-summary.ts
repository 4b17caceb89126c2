import {
  type FactChange,
  formatBytes,
  formatPlace,
  formatShape,
  formatVerdict,
  type ModelFacts,
  type Report,
  type ScanResult,
  type TensorFacts,
} from '@modelpier/backstage-plugin-modelpier-common';
import { code, escapeMarkdown, table } from './markdown';

const MOST_ROWS = 50;
const MOST_TENSORS = 20;

/** What the model is, what the scan found in it, and what is new. */
export function renderInspection({ model, scan, image }: Report): readonly string[] {
  const { changes = [] } = image ?? {};
  return [
    ...(model?.facts === undefined ? [] : [renderModelFacts(model.facts)]),
    ...(scan === undefined ? [] : [renderScan(scan)]),
    ...(changes.length === 0 ? [] : [renderChanges(changes)]),
  ];
}

/** What the model is by its files. */
function renderModelFacts(facts: ModelFacts): string {
  const { format, formatVersion, producer, parameters, tensors, datatypes, opsets, sizeBytes } = facts;
  const rows = [
    ['format', escapeMarkdown([format, formatVersion].filter(part => part !== undefined).join(' '))],
    ['written by', producer === undefined ? undefined : escapeMarkdown(producer)],
    ['inputs', tensorsCell(facts.inputs)],
    ['outputs', tensorsCell(facts.outputs)],
    ['operator sets', opsets === undefined ? undefined : countsCell(opsets)],
    ['tensors', tensors === undefined ? undefined : String(tensors)],
    ['parameters', parameters === undefined ? undefined : String(parameters)],
    ['data types', datatypes === undefined ? undefined : countsCell(datatypes)],
    ['size', formatBytes(sizeBytes)],
  ].filter((row): row is string[] => row[1] !== undefined);
  return ['### Model', table([{ title: 'what' }, { title: 'value' }], rows)].join('\n\n');
}

function tensorsCell(tensors: readonly TensorFacts[] | undefined): string | undefined {
  if (tensors === undefined || tensors.length === 0) return undefined;
  const shown = tensors.slice(0, MOST_TENSORS).map(({ name, datatype, shape }) => {
    const parts = [name, datatype, shape === undefined ? undefined : formatShape(shape)];
    return escapeMarkdown(parts.filter(part => part !== undefined).join(' '));
  });
  const rest = tensors.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
}

const countsCell = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([key, value]) => `${escapeMarkdown(key)} ${value}`)
    .join(', ');

/** The verdict and each finding with its place. */
function renderScan({ verdict, policy, findings, omitted }: ScanResult): string {
  const rows = findings
    .slice(0, MOST_ROWS)
    .map(finding => [
      finding.verdict,
      code(formatPlace(finding)),
      escapeMarkdown(finding.reason),
      code(finding.rule),
    ]);
  const rest = omitted + findings.length - rows.length;
  return [
    '### Safety scan',
    `**${verdict}**: ${formatVerdict(verdict)}${policy === 'block' ? '' : ' (the policy only warns)'}`,
    ...(rows.length === 0
      ? []
      : [table([{ title: 'verdict' }, { title: 'where' }, { title: 'why' }, { title: 'rule' }], rows)]),
    ...(rest > 0 ? [`and ${rest} more`] : []),
  ].join('\n\n');
}

/** What is another than in the version before. */
const renderChanges = (changes: readonly FactChange[]): string =>
  [
    '### Changes since the version before',
    changes
      .map(({ text, isBreaking }) => `- ${isBreaking ? '**breaking:** ' : ''}${escapeMarkdown(text)}`)
      .join('\n'),
  ].join('\n\n');
