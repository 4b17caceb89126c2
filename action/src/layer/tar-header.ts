/** POSIX.1-2017, pax: "ustar Interchange Format" and "pax Interchange Format". */
export const BLOCK_BYTES = 512;
const NAME_BYTES = 100;
const PREFIX_BYTES = 155;
/** Eleven octal digits: 8 GiB less a byte. */
const MAX_USTAR_SIZE = 0o77777777777;

/** A file or a folder of an archive; `path` has no slash at either end. */
export interface TarEntry {
  readonly type: 'file' | 'directory';
  readonly path: string;
  /** 0 for folders. */
  readonly sizeBytes: number;
}

interface Header {
  readonly name: string;
  readonly prefix: string;
  readonly mode: number;
  readonly sizeBytes: number;
  readonly typeflag: '0' | '5' | 'x';
  readonly epochSeconds: number;
}

/** Every header block of an entry; nothing in it depends on the machine or its users. */
export function tarHeader(entry: TarEntry, epochSeconds: number): Buffer {
  const isFolder = entry.type === 'directory';
  const { path, isHuge, split, records } = placeOf(entry);
  const header = ustarHeader({
    // Readers of pax take the path from the record; the name here is for those that do not.
    ...(split ?? { name: asciiName(path), prefix: '' }),
    mode: isFolder ? 0o755 : 0o644,
    sizeBytes: isHuge ? 0 : entry.sizeBytes,
    typeflag: isFolder ? '5' : '0',
    epochSeconds,
  });
  return records.length === 0 ? header : Buffer.concat([paxHeader(path, records, epochSeconds), header]);
}

/** How many bytes `tarHeader` gives. */
export function tarHeaderBytes(entry: TarEntry): number {
  const { records } = placeOf(entry);
  if (records.length === 0) return BLOCK_BYTES;
  const bodyBytes = Buffer.byteLength(records.join(''));
  return 2 * BLOCK_BYTES + bodyBytes + paddingBytes(bodyBytes);
}

interface Place {
  readonly path: string;
  readonly isHuge: boolean;
  /** Of the ustar header, where the path fits into it. */
  readonly split: { readonly name: string; readonly prefix: string } | undefined;
  /** What does not fit into it. */
  readonly records: readonly string[];
}

function placeOf({ type, path: bare, sizeBytes }: TarEntry): Place {
  const path = type === 'directory' ? `${bare}/` : bare;
  const split = splitPath(path);
  const isHuge = sizeBytes > MAX_USTAR_SIZE;
  const records = [
    ...(split === undefined ? [paxRecord('path', path)] : []),
    ...(isHuge ? [paxRecord('size', String(sizeBytes))] : []),
  ];
  return { path, isHuge, split, records };
}

/** How many zero bytes follow contents of this size. */
export const paddingBytes = (sizeBytes: number): number =>
  (BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES;

function paxHeader(path: string, records: readonly string[], epochSeconds: number): Buffer {
  const body = Buffer.from(records.join(''));
  const header = ustarHeader({
    name: `PaxHeaders/${asciiName(path)}`.slice(0, NAME_BYTES),
    prefix: '',
    mode: 0o644,
    sizeBytes: body.length,
    typeflag: 'x',
    epochSeconds,
  });
  return Buffer.concat([header, body, Buffer.alloc(paddingBytes(body.length))]);
}

/** `<length> <key>=<value>\n`, where the length counts its own digits too. */
function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (String(length).length + rest !== length) length = rest + String(length).length;
  return `${length} ${key}=${value}\n`;
}

/** Name and prefix of an ASCII path that fits; `undefined` where a pax record has to hold it. */
function splitPath(path: string): { name: string; prefix: string } | undefined {
  if (!/^[\x20-\x7e]*$/.test(path)) return undefined;
  if (path.length <= NAME_BYTES) return { name: path, prefix: '' };
  const slash = path.indexOf('/', path.length - NAME_BYTES - 1);
  const isSplit = slash > 0 && slash <= PREFIX_BYTES && slash < path.length - 1;
  return isSplit ? { name: path.slice(slash + 1), prefix: path.slice(0, slash) } : undefined;
}

const asciiName = (path: string): string => path.replace(/[^\x20-\x7e]+/g, '_').slice(0, NAME_BYTES);

function ustarHeader({ name, prefix, mode, sizeBytes, typeflag, epochSeconds }: Header): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  const octal = (value: number, offset: number, digits: number): void => {
    block.write(value.toString(8).padStart(digits, '0'), offset, 'ascii');
  };
  block.write(name, 0, NAME_BYTES, 'ascii');
  octal(mode, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(sizeBytes, 124, 11);
  octal(epochSeconds, 136, 11);
  block.write('        ', 148, 'ascii');
  block.write(typeflag, 156, 'ascii');
  block.write('ustar\0' + '00', 257, 'ascii');
  octal(0, 329, 7);
  octal(0, 337, 7);
  block.write(prefix, 345, PREFIX_BYTES, 'ascii');
  let sum = 0;
  for (const byte of block) sum += byte;
  octal(sum, 148, 6);
  block[154] = 0;
  return block;
}
