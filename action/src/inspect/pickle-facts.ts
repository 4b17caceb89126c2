import type { Pickle } from '../content/pickle/disassemble';
import { numpyType } from '../content/pickle/joblib';
import {
  entryOf,
  globalName,
  isStructure,
  itemsOf,
  type ObjectValue,
  structuresIn,
  type Value,
} from '../content/pickle/value';
import { Counts } from './counts';
import { numpyTypeName, torchType } from './datatype';

const TORCH_TENSORS = new Set([
  'torch._utils._rebuild_tensor',
  'torch._utils._rebuild_tensor_v2',
  'torch._utils._rebuild_tensor_v3',
  'torch._utils._rebuild_qtensor',
]);
/** Arrays of protocol 5: bytes, type and shape are its arguments. */
const NUMPY_BUFFER = /^numpy\.(?:core|_core)\.numeric\._frombuffer$/;
const NUMPY_ARRAY = /^numpy\.(?:core|_core)\.multiarray\._reconstruct$/;

/** The tensors and arrays that a pickle would make. */
export function countTensors({ value, arrays }: Pickle): Counts {
  const counts = new Counts();
  for (const { type, items } of arrays) counts.add(numpyTypeName(type.code), items);
  for (const part of structuresIn(value)) if (isStructure(part, 'object')) countObject(part, counts);
  return counts;
}

function countObject({ callee, args, state }: ObjectValue, counts: Counts): void {
  const name = globalName(callee) ?? '';
  if (TORCH_TENSORS.has(name)) {
    const [storage, , size] = itemsOf(args);
    const [, kind] = isStructure(storage, 'persistent') ? itemsOf(storage.id) : [];
    counts.add(torchType(globalName(kind)?.replace(/^.*\./, '') ?? ''), productOf(size));
  } else if (NUMPY_ARRAY.test(name) || NUMPY_BUFFER.test(name)) {
    const [, first, second] = itemsOf(NUMPY_ARRAY.test(name) ? state : args);
    const [shape, type] = isStructure(first, 'tuple') ? [first, second] : [second, first];
    const code = numpyType(type)?.code;
    if (code !== undefined) counts.add(numpyTypeName(code), productOf(shape));
  }
}

const productOf = (shape: Value | undefined): number =>
  itemsOf(shape).reduce<number>((product, size) => product * (typeof size === 'number' ? size : NaN), 1);

/** What wrote the pickle, by its outermost object: the version of scikit-learn, or the class. */
export function producerOf({ value }: Pickle): string | undefined {
  if (!isStructure(value, 'object')) return undefined;
  const version = entryOf(value.state, '_sklearn_version');
  if (typeof version === 'string') return `scikit-learn ${version}`;
  const [made] = itemsOf(value.args);
  return globalName(value.callee)?.startsWith('copy_reg') === true
    ? globalName(made)
    : globalName(value.callee);
}
