import type { ByteSource } from '../content/byte-source';
import { Cursor } from '../content/cursor';
import type { Pickle } from '../content/pickle/disassemble';
import { globalName, isStructure, itemsOf, structuresIn, type Value } from '../content/pickle/value';

/** The number that `torch.save` began with before it wrote archives (torch/serialization.py, `MAGIC_NUMBER`). */
const MAGIC = Buffer.from('80028a0a6cfc9c46f9206aa850192e', 'hex');
/** Magic number, protocol, system, the object, and the keys of its storages. */
const PICKLES = 5;

const ITEM_BYTES: Readonly<Record<string, number>> = {
  ...{ Float: 4, Double: 8, Half: 2, BFloat16: 2, Long: 8, Int: 4, Short: 2, Char: 1, Byte: 1, Bool: 1 },
  ...{ ComplexFloat: 8, ComplexDouble: 16, QInt8: 1, QUInt8: 1, QInt32: 4 },
};

/** Where a file of PyTorch's old format ends: behind its pickles the storages follow as plain bytes. */
export function legacyEnd(source: ByteSource, pickles: readonly Pickle[]): number | undefined {
  const keys = pickles[PICKLES - 1];
  const isLegacy = source.sizeBytes > MAGIC.length && source.read(0, MAGIC.length).equals(MAGIC);
  if (!isLegacy || keys === undefined || keys.fault !== undefined || pickles.length !== PICKLES)
    return undefined;
  const sizes = storageSizes(pickles[PICKLES - 2]?.value);
  const cursor = new Cursor(source, { from: keys.end });
  for (const key of itemsOf(keys.value)) {
    const itemBytes = typeof key === 'string' ? sizes.get(key) : undefined;
    if (itemBytes === undefined || cursor.left < 8) return undefined;
    const bytes = cursor.u64() * itemBytes;
    if (bytes > cursor.left) return undefined;
    cursor.skip(bytes);
  }
  return cursor.position;
}

/** Bytes an item of each storage by its key, as the references to it say. */
function storageSizes(value: Value | undefined): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const part of structuresIn(value)) {
    if (!isStructure(part, 'persistent')) continue;
    const [, kind, key] = itemsOf(part.id);
    const bytes = ITEM_BYTES[globalName(kind)?.replace(/^.*\.|Storage$/g, '') ?? ''];
    if (typeof key === 'string' && bytes !== undefined) sizes.set(key, bytes);
  }
  return sizes;
}
