/** A name is taken for a slip of another where at most a third of its letters differ. */
const LETTERS_PER_SLIP = 3;

/** The known name that was most likely meant; none where all are too different. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(name.length / LETTERS_PER_SLIP));
  let nearest: { readonly name: string; readonly slips: number } | undefined;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) > most) continue;
    const slips = countSlips(name.toLowerCase(), candidate.toLowerCase());
    if (slips <= most && (nearest === undefined || slips < nearest.slips))
      nearest = { name: candidate, slips };
  }
  return nearest?.name;
}

/** Letters left out, added, replaced, or swapped with their neighbour (optimal string alignment). */
function countSlips(a: string, b: string): number {
  let [beforeLast, last]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        slipsAt(last, column) + 1,
        slipsAt(current, column - 1) + 1,
        slipsAt(last, column - 1) + (isSame ? 0 : 1),
        isSwapped ? slipsAt(beforeLast, column - 2) + 1 : Infinity,
      );
    }
    [beforeLast, last] = [last, current];
  }
  return slipsAt(last, b.length);
}

const slipsAt = (row: readonly number[], column: number): number => row[column] ?? Infinity;
