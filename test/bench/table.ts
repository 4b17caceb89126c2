import { formatBytes, formatCount } from '@modelpier/backstage-plugin-modelpier-common';
import { type Figure, judge, measuredOf, median, type Sample, type Unit } from './figure';

const HEAD = ['figure', 'ours', 'peer', 'ratio', 'limit', 'verdict'];

/** Every figure with its limit, the missed and the missing ones as plainly as the others. */
export function renderTable(figures: readonly Figure[]): string {
  const rows = [HEAD, ...figures.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)));
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** "9 limits kept, 1 missed, 2 not measured". */
export function renderVerdict(figures: readonly Figure[]): string {
  const count = (verdict: string) => figures.filter(figure => judge(figure) === verdict).length;
  return `${formatCount(count('kept'), 'limit')} kept, ${count('missed')} missed, ${count('not measured')} not measured`;
}

function rowOf(figure: Figure): readonly string[] {
  if (figure.kind === 'missing')
    return [figure.name, '', '', '', figure.limit.toFixed(2), `not measured: ${figure.reason}`];
  const verdict = judge(figure);
  const { unit } = figure.ours;
  if (figure.kind === 'value') {
    return [figure.name, shown(figure.ours), '', '', formatValue(figure.limit, unit), verdict];
  }
  const { sample, name } = figure.peer;
  return [
    figure.name,
    shown(figure.ours),
    `${name} ${shown(sample)}`,
    measuredOf(figure).toFixed(2),
    figure.limit.toFixed(2),
    verdict,
  ];
}

/** The median, and where it was taken more than once the least and the most. */
function shown({ values, unit }: Sample): string {
  const middle = formatValue(median(values), unit);
  const [least, most] = [Math.min(...values), Math.max(...values)].map(value => formatValue(value, unit));
  return least === most ? middle : `${middle} (${least} to ${most})`;
}

function formatValue(value: number, unit: Unit): string {
  switch (unit) {
    case 'seconds':
      return `${value.toFixed(2)} s`;
    case 'milliseconds':
      return `${value.toFixed(1)} ms`;
    case 'bytes':
      return formatBytes(value);
    case 'count':
      return String(value);
  }
}
