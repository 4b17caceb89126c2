import { type TensorMetadata } from './protocol';

/** A tensor of a request with its data flat and row-major. */
export interface SampleTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data: readonly unknown[];
}

/** Small values: an integer may be an index into something short. */
function element(datatype: string, at: number): unknown {
  if (datatype === 'BOOL') return at % 2 === 0;
  if (datatype === 'BYTES') return 'a';
  return datatype.startsWith('FP') ? ((at * 7) % 10) / 10 : at % 2;
}

export const elementCount = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);

/** A tensor that fits its metadata; a dimension of any size becomes 1. */
export function sampleTensor({ name, datatype, shape }: TensorMetadata): SampleTensor {
  const fixed = shape.map(size => (size < 0 ? 1 : size));
  const data = Array.from({ length: elementCount(fixed) }, (_, at) => element(datatype, at));
  return { name, datatype, shape: fixed, data };
}

/** Flat data as the nested lists that its shape describes. */
export function nest(data: readonly unknown[], shape: readonly number[]): readonly unknown[] {
  const [, ...inner] = shape;
  if (inner.length === 0) return data;
  const row = elementCount(inner);
  return Array.from({ length: shape[0] ?? 0 }, (_, at) => nest(data.slice(at * row, (at + 1) * row), inner));
}

/** All lists within lists laid flat: the protocol allows both forms in a response too. */
export const flatten = (data: readonly unknown[]): readonly unknown[] => data.flat(Infinity);
