import type { ByteSource } from '../byte-source';
import type { DirectoryEnd } from './directory-end';
import { DESCRIPTOR_FLAG, type ZipEntry, type ZipTrick } from './entry';

/** A data descriptor with its signature and zip64 sizes (APPNOTE, 4.3.9). */
const LONGEST_DESCRIPTOR = 24;
const KEPT_TRICKS = 20;

/** Entries lie one behind the other from the first byte to the directory; what does not is hidden from readers. */
export function layoutTricks(
  source: ByteSource,
  entries: readonly ZipEntry[],
  end: DirectoryEnd,
): readonly ZipTrick[] {
  const tricks: ZipTrick[] = [];
  let position = 0;
  let slack = 0;
  const checkGap = (to: number, member?: string): void => {
    const bytes = to - position;
    if (bytes < 0) {
      tricks.push({
        kind: 'overlap',
        offset: to,
        detail: 'it shares bytes with another entry',
        ...(member !== undefined && { member }),
      });
    } else if (bytes > slack) {
      tricks.push({ kind: 'hidden-bytes', offset: position, detail: `${bytes} bytes belong to no entry` });
    }
  };
  for (const entry of [...entries].sort((a, b) => a.offset - b.offset)) {
    checkGap(entry.offset, entry.name);
    position = Math.max(position, entry.dataOffset + entry.compressedBytes);
    slack = (entry.flags & DESCRIPTOR_FLAG) === 0 ? 0 : LONGEST_DESCRIPTOR;
    if (tricks.length >= KEPT_TRICKS) return tricks;
  }
  checkGap(end.from);
  position = end.from + end.sizeBytes;
  slack = 0;
  checkGap(end.endsAt);
  if (end.trailingBytes > 0) {
    const offset = source.sizeBytes - end.trailingBytes;
    tricks.push({ kind: 'hidden-bytes', offset, detail: `${end.trailingBytes} bytes follow the archive` });
  }
  return tricks;
}
