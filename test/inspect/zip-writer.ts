import { crc32, deflateRawSync } from 'node:zlib';

/** One entry, with the lies that it is to tell. */
export interface Written {
  readonly name: string;
  readonly data: Uint8Array | string;
  readonly isDeflated?: boolean;
  readonly flags?: number;
  readonly method?: number;
  readonly crc?: number;
  readonly sizeBytes?: number;
  /** What the header before the data says instead. */
  readonly local?: { readonly name?: string; readonly method?: number; readonly sizeBytes?: number };
  /** Bytes before the entry that belong to none. */
  readonly gap?: Uint8Array;
}

/** A zip archive byte by byte, as no library would write it. */
export function writeZip(entries: readonly Written[], { trailing = '' } = {}): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let position = 0;
  const put = (part: Uint8Array): void => {
    parts.push(Buffer.from(part));
    position += part.length;
  };
  for (const entry of entries) {
    put(entry.gap ?? new Uint8Array());
    const plain = Buffer.from(entry.data as string, 'latin1');
    const data = entry.isDeflated === true ? deflateRawSync(plain) : plain;
    const offset = position;
    const common = commonOf(entry, plain, data);
    const local = { ...common, ...entry.local };
    const localName = Buffer.from(entry.local?.name ?? entry.name);
    put(
      Buffer.concat([
        header(
          0x04034b50,
          30,
          [
            [6, local.flags],
            [8, local.method],
            [26, localName.length],
          ],
          local,
        ),
        localName,
        data,
      ]),
    );
    const name = Buffer.from(entry.name);
    const record = header(
      0x02014b50,
      46,
      [
        [8, common.flags],
        [10, common.method],
        [28, name.length],
      ],
      common,
    );
    record.writeUInt32LE(offset, 42);
    central.push(Buffer.concat([record, name]));
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(position, 16);
  return Buffer.concat([...parts, directory, end, Buffer.from(trailing)]);
}

interface Sizes {
  readonly crc: number;
  readonly packed: number;
  readonly sizeBytes: number;
}

const commonOf = (entry: Written, plain: Buffer, data: Buffer) => ({
  flags: entry.flags ?? 0,
  method: entry.method ?? (entry.isDeflated === true ? 8 : 0),
  crc: entry.crc ?? crc32(plain),
  packed: data.length,
  sizeBytes: entry.sizeBytes ?? plain.length,
});

function header(
  signature: number,
  length: number,
  shorts: readonly (readonly [at: number, value: number])[],
  { crc, packed, sizeBytes }: Sizes,
): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32LE(signature, 0);
  for (const [at, value] of shorts) bytes.writeUInt16LE(value, at);
  const from = length === 30 ? 14 : 16;
  for (const [index, value] of [crc, packed, sizeBytes].entries())
    bytes.writeUInt32LE(value, from + index * 4);
  return bytes;
}
