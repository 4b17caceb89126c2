import { type ByteSource, Malformed } from '../byte-source';
import { Cursor } from '../cursor';
import { DESCRIPTOR_FLAG, type ZipEntry, type ZipTrick } from './entry';

const LOCAL_SIGNATURE = 0x04034b50;
const MAX32 = 0xffffffff;

/** Where the data begins by the header before it (APPNOTE, 4.3.7), and where that contradicts the directory. */
export function readLocalHeader(
  source: ByteSource,
  central: Omit<ZipEntry, 'dataOffset'>,
): { readonly dataOffset: number; readonly problems: readonly ZipTrick[] } {
  const { offset } = central;
  if (offset > source.sizeBytes) throw new Malformed(offset, 'an entry lies outside the archive');
  const cursor = new Cursor(source, { from: offset });
  if (cursor.u32() !== LOCAL_SIGNATURE) throw new Malformed(offset, 'an entry has no header before its data');
  cursor.skip(2);
  const [flags, method] = [cursor.u16(), cursor.u16()];
  cursor.skip(4);
  const [crc, compressedBytes, sizeBytes] = [cursor.u32(), cursor.u32(), cursor.u32()];
  const [nameBytes, extraBytes] = [cursor.u16(), cursor.u16()];
  const name = cursor.text(nameBytes, 0xffff);
  cursor.skip(extraBytes);
  const dataOffset = cursor.position;
  cursor.skip(central.compressedBytes);
  // With the flag set, these three follow the data instead.
  const isLater = (flags & DESCRIPTOR_FLAG) !== 0;
  const differs = (here: number, there: number): boolean => !isLater && here !== MAX32 && here !== there;
  const differing = [
    ...(name === central.name ? [] : ['name']),
    ...(method === central.method ? [] : ['compression']),
    ...(flags === central.flags ? [] : ['flags']),
    ...(differs(crc, central.crc) && crc !== central.crc ? ['checksum'] : []),
    ...(differs(compressedBytes, central.compressedBytes) ? ['compressed size'] : []),
    ...(differs(sizeBytes, central.sizeBytes) ? ['size'] : []),
  ];
  if (differing.length === 0) return { dataOffset, problems: [] };
  const detail = `the header before its data says another ${differing.join(', ')} than the directory`;
  return { dataOffset, problems: [{ kind: 'headers-differ', offset, detail, member: central.name }] };
}
