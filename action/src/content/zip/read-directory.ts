import { type ByteSource, Malformed } from '../byte-source';
import { Cursor } from '../cursor';
import { type DirectoryEnd, findDirectoryEnd } from './directory-end';
import { DEFLATED, ENCRYPTED_FLAG, STORED, type ZipEntry, type ZipTrick } from './entry';
import { layoutTricks } from './layout';
import { readLocalHeader } from './local-header';

/** More than any model has; what is above is there to exhaust who reads it. */
const ENTRY_LIMIT = 200_000;
const NAME_LIMIT = 4096;
const CENTRAL_SIGNATURE = 0x02014b50;
const MAX32 = 0xffffffff;
/** A bomb is large: small files of one repeated byte are none. */
const BOMB_BYTES = 1024 * 1024;
const BOMB_RATIO = 100;

export interface ZipDirectory {
  readonly entries: readonly ZipEntry[];
  readonly tricks: readonly ZipTrick[];
}

/** The entries of a zip archive, and where its parts contradict each other; nothing where it is none. */
export function readZipDirectory(source: ByteSource): ZipDirectory | undefined {
  const end = findDirectoryEnd(source);
  if (end === undefined) return undefined;
  if (end.entries > ENTRY_LIMIT)
    throw new Malformed(end.endsAt, `${end.entries} entries are too many to be read`);
  if (end.from + end.sizeBytes > end.endsAt) {
    throw new Malformed(end.endsAt, 'the central directory lies outside the archive');
  }
  return readEntries(source, end);
}

function readEntries(source: ByteSource, end: DirectoryEnd): ZipDirectory {
  const cursor = new Cursor(source, { from: end.from, to: end.from + end.sizeBytes });
  const entries: ZipEntry[] = [];
  const tricks: ZipTrick[] = [];
  const names = new Set<string>();
  for (let index = 0; index < end.entries; index++) {
    const central = readCentral(cursor);
    const { dataOffset, problems } = readLocalHeader(source, central);
    const entry = { ...central, dataOffset };
    entries.push(entry);
    tricks.push(...problems, ...entryTricks(entry));
    // PyTorch's reader takes upper and lower case for the same; code keeps the case of its modules.
    const folded = entry.name.includes('/code/') ? entry.name : entry.name.toLowerCase();
    if (names.has(folded))
      tricks.push(trick(entry, 'duplicate-name', 'an entry of that name is there already'));
    names.add(folded);
  }
  if (cursor.left > 0) {
    const detail = `${cursor.left} bytes of the central directory are no entry`;
    tricks.push({ kind: 'hidden-bytes', offset: cursor.position, detail });
  }
  return { entries, tricks: [...tricks, ...layoutTricks(source, entries, end)] };
}

/** One entry of the central directory (APPNOTE, 4.3.12), but for where its data begins. */
function readCentral(cursor: Cursor): Omit<ZipEntry, 'dataOffset'> {
  const at = cursor.position;
  if (cursor.u32() !== CENTRAL_SIGNATURE)
    throw new Malformed(at, 'an entry of the central directory is missing');
  cursor.skip(4);
  const flags = cursor.u16();
  const method = cursor.u16();
  cursor.skip(4);
  const crc = cursor.u32();
  const compressedBytes = cursor.u32();
  const sizeBytes = cursor.u32();
  const [nameBytes, extraBytes, commentBytes] = [cursor.u16(), cursor.u16(), cursor.u16()];
  cursor.skip(8);
  const offset = cursor.u32();
  const name = cursor.text(nameBytes, NAME_LIMIT);
  const extra = cursor.bytes(extraBytes, 0xffff);
  const wide = { sizeBytes, compressedBytes, offset };
  const values = readZip64(Buffer.from(extra), wide) ?? wide;
  cursor.skip(commentBytes);
  return { name, flags, method, crc, ...values };
}

type Wide = Pick<ZipEntry, 'sizeBytes' | 'compressedBytes' | 'offset'>;

/** Values that do not fit into 32 bits stand in an extra field, in this order (APPNOTE, 4.5.3). */
function readZip64(extra: Buffer, wide: Wide): Wide | undefined {
  if (!Object.values(wide).includes(MAX32)) return undefined;
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let from = at + 4;
    const next = (value: number): number => {
      if (value !== MAX32) return value;
      if (from + 8 > extra.length) throw new Malformed(from, 'a zip64 field is too short');
      const read = Number(extra.readBigUInt64LE(from));
      if (!Number.isSafeInteger(read)) throw new Malformed(from, 'a zip64 field holds no size');
      from += 8;
      return read;
    };
    return {
      sizeBytes: next(wide.sizeBytes),
      compressedBytes: next(wide.compressedBytes),
      offset: next(wide.offset),
    };
  }
  return undefined;
}

const trick = (entry: ZipEntry, kind: ZipTrick['kind'], detail: string): ZipTrick => ({
  kind,
  offset: entry.offset,
  detail,
  member: entry.name,
});

function entryTricks(entry: ZipEntry): readonly ZipTrick[] {
  const tricks: ZipTrick[] = [];
  const add = (kind: ZipTrick['kind'], detail: string): unknown => tricks.push(trick(entry, kind, detail));
  const { name, flags, method, sizeBytes, compressedBytes } = entry;
  if ((flags & ENCRYPTED_FLAG) !== 0) add('encrypted', 'its content is encrypted');
  if (isUnsafeName(name))
    add('unsafe-name', 'its name leads out of the archive, or has characters that hide');
  if (method !== STORED && method !== DEFLATED)
    add('unknown-compression', `compression ${method} is not read`);
  if (method === STORED && sizeBytes !== compressedBytes) {
    add('bad-size', `it is stored as it is, but ${compressedBytes} bytes are said to be ${sizeBytes}`);
  }
  if (sizeBytes > BOMB_BYTES && sizeBytes > compressedBytes * BOMB_RATIO) {
    add('high-ratio', `${compressedBytes} bytes unpack to ${sizeBytes}`);
  }
  return tricks;
}

const isUnsafeName = (name: string): boolean =>
  name === '' ||
  /^[/\\]|^[A-Za-z]:|\\/.test(name) ||
  name.split('/').includes('..') ||
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069\ufffd]/.test(name);
