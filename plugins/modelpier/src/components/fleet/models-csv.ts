import { type ModelSummary } from '@modelpier/backstage-plugin-modelpier-common';

type Cell = string | number | boolean | null | undefined;

/** For machines: names that stay, units in the names, amounts as Kubernetes writes them. */
const COLUMNS: readonly (readonly [name: string, cell: (model: ModelSummary) => Cell])[] = [
  ['namespace', ({ entity }) => entity.namespace],
  ['name', ({ entity }) => entity.name],
  ['title', ({ title }) => title],
  ['owner', ({ owner }) => owner],
  ['repositories', ({ repositories }) => repositories.join(' ')],
  ['versions', ({ versions }) => versions],
  ['newest_version', ({ newest }) => newest?.version ?? newest?.tags[0]],
  ['newest_digest', ({ newest }) => newest?.digest],
  ['newest_first_seen', ({ newest }) => newest?.firstSeenAt],
  ['image_bytes', ({ newest }) => newest?.sizeBytes],
  ['new_bytes', ({ newest }) => newest?.newBytes],
  ['reuse_ratio', ({ newest }) => newest?.reuseRatio],
  ['places', ({ deployments }) => deployments.map(({ placement }) => placeOf(placement)).join(' ')],
  ['health', ({ health }) => health],
  ['drift', ({ deployments }) => deployments.some(({ drift }) => drift)],
  ['ready', ({ replicas }) => replicas?.ready],
  ['desired', ({ replicas }) => replicas?.desired],
  ...(['cpu', 'memory', 'gpu'] as const).flatMap(resource => [
    [`${resource}_requested`, (model: ModelSummary) => allocated(model, resource)?.requested] as const,
    [`${resource}_fair_share`, (model: ModelSummary) => allocated(model, resource)?.fairShare] as const,
    [`${resource}_of_fair_share`, (model: ModelSummary) => allocated(model, resource)?.share] as const,
    [`${resource}_used`, (model: ModelSummary) => allocated(model, resource)?.used] as const,
  ]),
];

const allocated = ({ allocation }: ModelSummary, name: string) =>
  allocation?.resources.find(({ resource }) => resource === name);

const placeOf = ({
  environment,
  cluster,
  namespace,
}: ModelSummary['deployments'][number]['placement']): string =>
  `${environment === undefined ? '' : `${environment}:`}${cluster}/${namespace}`;

const line = (cells: readonly Cell[]): string => `${cells.map(writeCell).join(',')}\r\n`;

/** The names of the columns. */
export const csvHead = (): string => line(COLUMNS.map(([name]) => name));

/** One line for each model (RFC 4180). */
export const csvLines = (models: readonly ModelSummary[]): string =>
  models.map(model => line(COLUMNS.map(([, cell]) => cell(model)))).join('');

/** Text that a spreadsheet would take for a formula: an annotation must not run in somebody's office. */
const FORMULA = /^\s*[=+\-@]|^[\t\r\n]/;

function writeCell(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
