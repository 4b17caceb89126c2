import { count, type Decoded, list, object, optional, text } from '../parse/decoder';
import { type Element, formatIndex, type GoldenTensor, indexAt } from './tensor';

/** How far a number may be from what is expected: `absolute + relative * |expected|`. */
export interface Tolerance {
  readonly absolute: number;
  readonly relative: number;
}

/** Where an answer is another than expected; numbers as text, for not all fit into a double. */
export const goldenMismatch = object({
  case: text,
  output: optional(text),
  index: optional(list(count)),
  got: text,
  expected: text,
  /** How far it might have been; nothing where it had to be the same. */
  tolerance: optional(text),
  /** How many elements of the output are too far, of how many. */
  elements: optional(object({ wrong: count, of: count })),
});
export type GoldenMismatch = Decoded<typeof goldenMismatch>;
export type Difference = Omit<GoldenMismatch, 'case'>;

/** The first output that is not as expected; outputs that nobody expects may be there. */
export function compareOutputs(
  expected: readonly GoldenTensor[],
  got: readonly GoldenTensor[],
  tolerance: Tolerance,
): Difference | undefined {
  for (const each of expected) {
    const same = got.find(({ name }) => name === each.name);
    const difference =
      same === undefined
        ? { got: got.length === 0 ? 'no output' : got.map(({ name }) => name).join(', '), expected: each.name }
        : (compareTypes(each, same) ?? compareElements(each, same, tolerance));
    if (difference !== undefined) return { output: each.name, ...difference };
  }
  return undefined;
}

function compareTypes(expected: GoldenTensor, got: GoldenTensor): Difference | undefined {
  const [wanted, found] = [typeOf(expected), typeOf(got)];
  return wanted === found ? undefined : { got: found, expected: wanted };
}

const typeOf = ({ datatype, shape }: GoldenTensor): string => `${datatype} ${formatIndex(shape)}`;

/** Tells of the element that is the farthest from what it may be. */
function compareElements(
  { shape, data: expected, datatype }: GoldenTensor,
  { data: got }: GoldenTensor,
  tolerance: Tolerance,
): Difference | undefined {
  let wrong = 0;
  let worst = { at: -1, excess: -1 };
  const isReal = datatype.startsWith('FP');
  for (const [at, wanted] of expected.entries()) {
    const excess = excessOf(wanted, got[at], { tolerance, isReal });
    if (!(excess > 0)) continue;
    wrong += 1;
    if (excess > worst.excess) worst = { at, excess };
  }
  if (wrong === 0) return undefined;
  const wanted = expected[worst.at];
  return {
    index: indexAt(worst.at, shape),
    got: formatElement(got[worst.at]),
    expected: formatElement(wanted),
    ...(typeof wanted !== 'string' && typeof wanted !== 'boolean' && {
      tolerance: formatTolerance(tolerance, isReal),
    }),
    elements: { wrong, of: expected.length },
  };
}

/** By how much it is too far; whole numbers may be names of classes, to which a share of them says nothing. */
function excessOf(
  expected: Element,
  got: Element | undefined,
  { tolerance: { absolute, relative }, isReal }: { readonly tolerance: Tolerance; readonly isReal: boolean },
): number {
  if (isNumeric(expected) && isNumeric(got)) {
    const allowed = absolute + (isReal ? relative * Math.abs(Number(expected)) : 0);
    return distance(expected, got) - allowed;
  }
  return expected === got ? 0 : Infinity;
}

const isNumeric = (value: unknown): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint';

function distance(a: number | bigint, b: number | bigint): number {
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b);
  const apart = BigInt(a) - BigInt(b);
  return Math.abs(Number(apart));
}

/** A text of a model may be long. */
const SHOWN_CHARACTERS = 80;

function formatElement(element: Element | undefined): string {
  if (typeof element !== 'string') return String(element);
  const shown = Array.from(element);
  return shown.length > SHOWN_CHARACTERS
    ? `${JSON.stringify(shown.slice(0, SHOWN_CHARACTERS).join(''))}...`
    : JSON.stringify(element);
}

const formatTolerance = ({ absolute, relative }: Tolerance, isReal: boolean): string =>
  isReal && relative > 0 ? `${absolute} and ${relative} of the expected` : String(absolute);
