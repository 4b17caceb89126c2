import { type ByteSource, Malformed } from './byte-source';

const BLOCK_BYTES = 512;
const MEMBER_LIMIT = 200_000;

export interface TarMember {
  readonly name: string;
  readonly from: number;
  readonly sizeBytes: number;
  /** A file, or what the type flag of its header says. */
  readonly kind: 'file' | 'link' | 'other';
}

export const isTar = (source: ByteSource): boolean =>
  source.sizeBytes >= BLOCK_BYTES && source.read(257, 5).toString('latin1') === 'ustar';

/** The members of a tar archive (POSIX.1-1988 ustar); extended headers are members like any other. */
export function readTar(source: ByteSource): readonly TarMember[] {
  const members: TarMember[] = [];
  for (let at = 0; at + BLOCK_BYTES <= source.sizeBytes;) {
    const header = source.read(at, BLOCK_BYTES);
    if (header.every(byte => byte === 0)) break;
    if (members.length === MEMBER_LIMIT) throw new Malformed(at, `more than ${MEMBER_LIMIT} members`);
    const sizeBytes = sizeOf(header, at);
    const from = at + BLOCK_BYTES;
    if (from + sizeBytes > source.sizeBytes) throw new Malformed(at, `${sizeBytes} bytes are said to follow`);
    const flag = String.fromCharCode(header[156] ?? 0);
    const prefix = textOf(header.subarray(345, 500));
    const name = textOf(header.subarray(0, 100));
    members.push({
      name: prefix === '' ? name : `${prefix}/${name}`,
      from,
      sizeBytes,
      kind: flag === '0' || flag === '\0' ? 'file' : flag === '1' || flag === '2' ? 'link' : 'other',
    });
    at = from + Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return members;
}

const textOf = (field: Buffer): string => field.toString('utf8').split('\0', 1)[0] ?? '';

/** Octal digits, or with the first bit set a number of 11 bytes (GNU). */
function sizeOf(header: Buffer, at: number): number {
  const field = header.subarray(124, 136);
  if ((field[0] ?? 0) >= 0x80) {
    const size = field.readUIntBE(6, 6);
    if (field.subarray(1, 6).some(byte => byte !== 0))
      throw new Malformed(at, 'a member is larger than any file');
    return size;
  }
  const digits = textOf(field).trim();
  if (!/^[0-7]{0,12}$/.test(digits)) throw new Malformed(at, 'a member has no size');
  return digits === '' ? 0 : parseInt(digits, 8);
}
