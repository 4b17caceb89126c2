import { BLOCK_BYTES, paddingBytes, type TarEntry, tarHeader, tarHeaderBytes } from './tar-header';

/** Where an archive's entries begin; computed from paths and sizes, without reading a file. */
export interface TarLayout<E extends TarEntry = TarEntry> {
  readonly entries: readonly PlacedEntry<E>[];
  readonly sizeBytes: number;
  readonly epochSeconds: number;
}

interface PlacedEntry<E> {
  readonly entry: E;
  /** Of its first header block. */
  readonly offset: number;
  readonly headerBytes: number;
}

/** Two blocks of zeros end an archive. */
const TRAILER_BYTES = 2 * BLOCK_BYTES;

/** Places the entries one after another, in the order given. */
export function layoutTar<E extends TarEntry>(entries: readonly E[], epochSeconds: number): TarLayout<E> {
  let offset = 0;
  const placed = entries.map(entry => {
    const headerBytes = tarHeaderBytes(entry);
    const place = { entry, offset, headerBytes };
    offset += headerBytes + entry.sizeBytes + paddingBytes(entry.sizeBytes);
    return place;
  });
  return { entries: placed, sizeBytes: offset + TRAILER_BYTES, epochSeconds };
}

/** The contents of an entry from an offset on; exactly as many bytes as the entry said. */
type ReadContents<E extends TarEntry> = (entry: E, from: number) => AsyncIterable<Uint8Array>;

/** The archive's bytes from any offset on; what lies before it is not read. */
export async function* readTar<E extends TarEntry>(
  { entries, sizeBytes, epochSeconds }: TarLayout<E>,
  readContents: ReadContents<E>,
  from = 0,
): AsyncGenerator<Uint8Array, void> {
  const end = sizeBytes - TRAILER_BYTES;
  for (const { entry, offset, headerBytes } of entries) {
    const contents = offset + headerBytes;
    const padding = contents + entry.sizeBytes;
    const next = padding + paddingBytes(entry.sizeBytes);
    if (from >= next) continue;
    if (from < contents) yield tarHeader(entry, epochSeconds).subarray(Math.max(0, from - offset));
    if (from < padding) yield* readContents(entry, Math.max(0, from - contents));
    if (padding < next) yield Buffer.alloc(next - Math.max(from, padding));
  }
  if (from < sizeBytes) yield Buffer.alloc(sizeBytes - Math.max(from, end));
}
