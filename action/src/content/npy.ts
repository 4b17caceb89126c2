import { type ByteSource, Malformed } from './byte-source';
import { Cursor } from './cursor';

export const NPY_MAGIC = '\x93NUMPY';
/** As NumPy itself has it, against headers that keep its parser busy (`numpy.lib.format`, `max_header_size`). */
const HEADER_LIMIT = 64 * 1024;

export interface Npy {
  readonly version: string;
  /** Such as `<f4`; `|O` are pickled objects. */
  readonly type: string;
  readonly shape: readonly number[];
  /** Where the array's bytes begin. */
  readonly dataOffset: number;
}

/** Reads the header of a NumPy array (numpy.org, "NPY format"), which is a Python literal, as text. */
export function readNpy(source: ByteSource): Npy {
  const cursor = new Cursor(source);
  cursor.skip(NPY_MAGIC.length);
  const [major, minor] = [cursor.u8(), cursor.u8()];
  if (major < 1 || major > 3) throw cursor.fault(`version ${major} of the format is not read`);
  const header = cursor.text(major === 1 ? cursor.u16() : cursor.u32(), HEADER_LIMIT);
  // The place of the key matters: within a structured type there are other texts.
  const descr = /^\{\s*'descr':\s*(?:'([^']*)'|(\[.*?\])),\s*'fortran_order'/s.exec(header);
  const shape = /'shape':\s*\(([\d,\s]*)\)(?:\s*,)?\s*\}\s*$/.exec(header);
  if (descr === null || shape === null) throw new Malformed(0, 'its header is none that NumPy writes');
  return {
    version: `${major}.${minor}`,
    type: descr[1] ?? (/'[|<>=]?O/.test(descr[2] ?? '') ? '|O' : 'V'),
    shape: (shape[1] ?? '').split(',').flatMap(part => (part.trim() === '' ? [] : [Number(part)])),
    dataOffset: cursor.position,
  };
}

export const holdsObjects = ({ type }: Npy): boolean => /^[|<>=]?O/.test(type);
