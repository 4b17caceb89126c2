import type { Machine } from './machine';
import {
  entryOf,
  globalName,
  isStructure,
  itemsOf,
  type NumpyType,
  type ObjectValue,
  type Value,
} from './value';

const WRAPPER = 'joblib.numpy_pickle.NumpyArrayWrapper';
/** joblib aligns arrays to 16 bytes: the padding is 1 to 16 long, and no such number is an instruction. */
const LONGEST_PADDING = 16;

/** Types of NumPy with a size that their code tells; `O` is an array of pickled objects. */
export function numpyType(value: Value | undefined): NumpyType | undefined {
  if (!isStructure(value, 'object') || globalName(value.callee) !== 'numpy.dtype') return undefined;
  const [code] = itemsOf(value.args);
  const [, letter, digits] = typeof code === 'string' ? (/^([?a-zA-Z])(\d{1,9})$/.exec(code) ?? []) : [];
  if (letter === undefined) return undefined;
  return { code: `${letter}${digits}`, itemBytes: Number(digits) * (letter === 'U' ? 4 : 1) };
}

/**
 * An array of joblib: its bytes follow the instruction that builds its wrapper (`NumpyArrayWrapper.read_array`).
 * Objects are a pickle of their own there. Whoever loads the file without joblib takes those bytes for further
 * instructions, so they are looked at as such, too.
 */
export function readNumpyArray(machine: Machine, wrapper: ObjectValue): boolean {
  if (machine.isPlain || globalName(wrapper.callee) !== WRAPPER) return false;
  const type = numpyType(entryOf(wrapper.state, 'dtype'));
  if (type === undefined) throw machine.fault('an array of joblib has a type that cannot be told');
  const { cursor } = machine;
  if (type.code.startsWith('O')) {
    machine.readPlainly();
    machine.runInner();
    return true;
  }
  const items = countItems(entryOf(wrapper.state, 'shape'));
  const bytes = items * type.itemBytes;
  if (!Number.isSafeInteger(bytes) || bytes < 0) throw machine.fault('an array of joblib has no size');
  if ((entryOf(wrapper.state, 'numpy_array_alignment_bytes') ?? null) === null) machine.readPlainly();
  else cursor.skip(paddingOf(machine));
  cursor.skip(bytes);
  machine.keepArray({ type, items });
  return true;
}

const countItems = (shape: Value | undefined): number =>
  itemsOf(shape).reduce<number>((product, each) => product * (typeof each === 'number' ? each : NaN), 1);

function paddingOf(machine: Machine): number {
  const padding = machine.cursor.u8();
  if (padding >= 1 && padding <= LONGEST_PADDING) return padding;
  throw machine.fault(`an array of joblib is said to have a padding of ${padding} bytes`);
}
