import findCommon from '@jest/diff-sequences';

/** Lines around a change, for a reader to see where it is. */
const CONTEXT = 2;
/** An object with more changed lines is read in the cluster, not in a summary. */
const MOST_LINES = 400;
/** A ConfigMap may hold a file on one line. */
const LONGEST_LINE = 500;

interface Line {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
}

/** The lines that differ and a few around them, with where each group is; nothing where none differ. */
export function unifiedDiff(before: readonly string[], after: readonly string[]): readonly string[] {
  const lines = compare(before, after);
  const shown = lines.map((_, at) => lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(isChange));
  const diff = lines.flatMap((line, at) => {
    if (shown[at] !== true) return [];
    const begins = at > 0 && shown[at - 1] !== true;
    return [...(begins ? [`@@ ${placeOf(lines, at)} @@`] : []), `${line.mark}${shorten(line.text)}`];
  });
  const rest = diff.length - MOST_LINES;
  return rest <= 0 ? diff : [...diff.slice(0, MOST_LINES), `@@ ${rest} more lines are left out @@`];
}

const isChange = ({ mark }: Line): boolean => mark !== ' ';

function compare(before: readonly string[], after: readonly string[]): readonly Line[] {
  const lines: Line[] = [];
  let [inBefore, inAfter] = [0, 0];
  const differUntil = (beforeEnd: number, afterEnd: number): void => {
    for (const text of before.slice(inBefore, beforeEnd)) lines.push({ mark: '-', text });
    for (const text of after.slice(inAfter, afterEnd)) lines.push({ mark: '+', text });
    [inBefore, inAfter] = [beforeEnd, afterEnd];
  };
  const isCommon = (left: number, right: number): boolean => before[left] === after[right];
  findCommon(before.length, after.length, isCommon, (length, beforeStart, afterStart) => {
    differUntil(beforeStart, afterStart);
    for (const text of before.slice(beforeStart, beforeStart + length)) lines.push({ mark: ' ', text });
    [inBefore, inAfter] = [beforeStart + length, afterStart + length];
  });
  differUntil(before.length, after.length);
  return lines;
}

/** The fields that the line lies in, outermost first: line numbers of a made-up text would say nothing. */
function placeOf(lines: readonly Line[], at: number): string {
  const fields: string[] = [];
  let depth = depthOf(lines[at]?.text ?? '');
  for (let above = at - 1; above >= 0 && depth > 0; above -= 1) {
    const { text } = lines[above] ?? { text: '' };
    const field = /^[ -]*(?<name>[^\s:]+):(?: [|>].*)?$/.exec(text)?.groups?.['name'];
    if (field === undefined || depthOf(text) >= depth) continue;
    fields.unshift(field);
    depth = depthOf(text);
  }
  return fields.join('.');
}

/** A list item's first field stands as deep as its others, behind the dash. */
const depthOf = (text: string): number => /^[ -]*/.exec(text)?.[0].length ?? 0;

const shorten = (text: string): string =>
  text.length <= LONGEST_LINE ? text : `${text.slice(0, LONGEST_LINE)}... (${text.length} characters)`;
