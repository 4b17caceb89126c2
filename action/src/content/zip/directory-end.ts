import { type ByteSource, Malformed } from '../byte-source';
import { Cursor } from '../cursor';

const END_BYTES = 22;
const END_SIGNATURE = Buffer.from('PK\x05\x06', 'latin1');
const LOCATOR_BYTES = 20;
const LOCATOR_SIGNATURE = 0x07064b50;
const END64_SIGNATURE = 0x06064b50;
const END64_BYTES = 56;
const LONGEST_COMMENT = 0xffff;

/** Where the central directory is, by the record at the archive's end (PKWARE APPNOTE, 4.3.14 to 4.3.16). */
export interface DirectoryEnd {
  readonly entries: number;
  readonly from: number;
  readonly sizeBytes: number;
  /** Where the end records begin. */
  readonly endsAt: number;
  /** Bytes after the archive, its comment not counted. */
  readonly trailingBytes: number;
}

/** Nothing where the source does not end as a zip archive does. */
export function findDirectoryEnd(source: ByteSource): DirectoryEnd | undefined {
  const tailBytes = Math.min(source.sizeBytes, END_BYTES + LONGEST_COMMENT);
  const tail = source.read(source.sizeBytes - tailBytes, tailBytes);
  for (
    let at = tail.lastIndexOf(END_SIGNATURE);
    at !== -1;
    at = at === 0 ? -1 : tail.lastIndexOf(END_SIGNATURE, at - 1)
  ) {
    if (at + END_BYTES > tail.length) continue;
    const position = source.sizeBytes - tailBytes + at;
    const trailingBytes = tail.length - at - END_BYTES - tail.readUInt16LE(at + 20);
    if (trailingBytes >= 0)
      return readEnd(source, tail.subarray(at, at + END_BYTES), { position, trailingBytes });
  }
  return undefined;
}

function readEnd(
  source: ByteSource,
  record: Buffer,
  { position, trailingBytes }: { position: number; trailingBytes: number },
): DirectoryEnd {
  const end = {
    entries: record.readUInt16LE(10),
    sizeBytes: record.readUInt32LE(12),
    from: record.readUInt32LE(16),
    endsAt: position,
    trailingBytes,
  };
  if (record.readUInt16LE(4) !== record.readUInt16LE(6) || end.entries !== record.readUInt16LE(8)) {
    throw new Malformed(position, 'an archive of several volumes is not read');
  }
  return readEnd64(source, position) ?? end;

  function readEnd64(of: ByteSource, before: number): DirectoryEnd | undefined {
    if (before < LOCATOR_BYTES) return undefined;
    const locator = new Cursor(of, { from: before - LOCATOR_BYTES, to: before });
    if (locator.u32() !== LOCATOR_SIGNATURE) return undefined;
    locator.skip(4);
    const from = locator.u64();
    if (from + END64_BYTES > before) throw new Malformed(before, 'the zip64 record lies outside the archive');
    const cursor = new Cursor(of, { from });
    if (cursor.u32() !== END64_SIGNATURE) throw new Malformed(from, 'the zip64 record is missing');
    cursor.skip(8 + 2 + 2 + 4 + 4 + 8);
    return {
      entries: cursor.u64(),
      sizeBytes: cursor.u64(),
      from: cursor.u64(),
      endsAt: from,
      trailingBytes,
    };
  }
}
