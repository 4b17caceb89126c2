import type { Diagnosis } from './diagnosis';
import { cut } from './log-tail';

/** A line of a ledger. */
const LONGEST = 400;

/** The diagnosis in one line, for ledgers and status descriptions; nothing where there is none. */
export function shortDiagnosis([first]: readonly Diagnosis[]): string | undefined {
  if (first === undefined) return undefined;
  return cut(`${explained(first)}; ${first.fix}`, LONGEST);
}

/** With the number of pods that show the same. */
export const explained = ({ explanation, pods }: Diagnosis): string =>
  pods === 1 ? explanation : `${explanation} (${pods} pods alike)`;
