import { lintMemory, parseQuantity } from '../allocation/quantity';
import { isTag, parseReference } from '../image/reference';
import { checked, type Decoder, describe, refuse } from '../parse/decoder';

/** A whole number between two bounds, both included. */
export const between =
  (least: number, most: number): Decoder<number> =>
  (value, path, faults) =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
      ? (value as number)
      : refuse(faults, path, `expected a whole number from ${least} to ${most}, got ${describe(value)}`);

/** A Kubernetes quantity above zero; people also write plain numbers. */
export const amount =
  (example: string): Decoder<string> =>
  (value, path, faults) => {
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text === 'string' && isPositive(text)) return text;
    return refuse(faults, path, `expected an amount above zero such as ${example}, got ${describe(value)}`);
  };

function isPositive(text: string): boolean {
  try {
    return parseQuantity(text).nano > 0n;
  } catch {
    return false;
  }
}

/** A version becomes an image tag. */
export const versionText: Decoder<string> = (value, path, faults) =>
  typeof value === 'string' && isTag(value)
    ? value
    : refuse(
        faults,
        path,
        `expected a version that can be an image tag (letters, digits, "_", "." and "-", at most 128, in quotes), got ${describe(value)}`,
      );

/** A file, folder or glob below the folder of the model file. */
export const relativePath: Decoder<string> = (value, path, faults) =>
  typeof value === 'string' && isBelow(value)
    ? value
    : refuse(faults, path, `expected a path below the model file's folder, got ${describe(value)}`);

const isBelow = (path: string): boolean =>
  path !== '' && !/^(?:[/\\]|[A-Za-z]:[/\\])/.test(path) && !path.split(/[/\\]/).includes('..');

/** A tensor's dimension: -1 is any size. */
export const dimension: Decoder<number> = (value, path, faults) =>
  Number.isSafeInteger(value) && (value as number) >= -1
    ? (value as number)
    : refuse(faults, path, `expected a whole number from 0, or -1 for any size, got ${describe(value)}`);

/** Memory above zero in whole bytes: `128m` is a thousandth of 128 bytes, and never meant. */
export const wholeBytes: Decoder<string> = (value, path, faults) => {
  const before = faults.length;
  const text = amount('512Mi')(value, path, faults);
  if (faults.length > before) return text;
  const problem = lintMemory(text);
  return problem === undefined ? text : refuse(faults, path, problem);
};

/** An image reference, kept as it was written. */
export const imageText: Decoder<string> = checked(value => {
  parseReference(value);
  return value;
});

/** A list that holds something. */
export const filled =
  <T>(items: Decoder<readonly T[]>): Decoder<readonly T[]> =>
  (value, path, faults) =>
    Array.isArray(value) && value.length === 0
      ? refuse(faults, path, 'expected at least one entry, got none')
      : items(value, path, faults);

/** A name of Python that a pickle may use, or all names below one: never all there are. */
export const globalPattern: Decoder<string> = (value, path, faults) =>
  typeof value === 'string' && /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*\.(?:[A-Za-z_]\w*|\*)$/.test(value)
    ? value
    : refuse(
        faults,
        path,
        `expected a name such as acme.models.Net or acme.models.*, got ${describe(value)}`,
      );
