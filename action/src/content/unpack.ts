import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  createGunzip,
  createInflate,
  createInflateRaw,
  gunzipSync,
  inflateRawSync,
  inflateSync,
} from 'node:zlib';
import { type ByteSource, Malformed, memorySource } from './byte-source';
import { openSource } from './file-source';

export type Compression = 'deflate' | 'zlib' | 'gzip';

/** Up to here in memory; larger content goes through a file of its own, so that memory stays bounded. */
const MEMORY_BYTES = 4 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;
/** A bomb is large: small files of one repeated byte are none. */
const BOMB_BYTES = 1024 * 1024;
const BOMB_RATIO = 100;

export interface Unpacking {
  readonly compression: Compression;
  /** Where larger content is put meanwhile. */
  readonly scratchFolder: () => Promise<string>;
  readonly signal?: AbortSignal | undefined;
}

export interface Unpacked {
  readonly source: ByteSource;
  readonly close: () => Promise<void>;
}

/** Thrown where content unpacks to far more than it is. */
export class Bomb extends Error {
  override readonly name = 'Bomb';
}

const INSTANT = { deflate: inflateRawSync, zlib: inflateSync, gzip: gunzipSync } as const;
const STREAMS: Readonly<Record<Compression, () => Transform>> = {
  deflate: createInflateRaw,
  zlib: createInflate,
  gzip: createGunzip,
};

/** The content of compressed bytes as a source of its own; `close` it. */
export async function unpack(packed: ByteSource, options: Unpacking): Promise<Unpacked> {
  try {
    return unpackSmall(packed, options.compression) ?? (await unpackLarge(packed, options));
  } catch (error) {
    if (isZlibError(error)) throw new Malformed(0, `it cannot be unpacked: ${error.message}`);
    throw error;
  }
}

const limitOf = ({ sizeBytes }: ByteSource): number => Math.max(BOMB_BYTES, sizeBytes * BOMB_RATIO);

function unpackSmall(packed: ByteSource, compression: Compression): Unpacked | undefined {
  if (packed.sizeBytes > MEMORY_BYTES) return undefined;
  try {
    const bytes = INSTANT[compression](packed.read(0, packed.sizeBytes), { maxOutputLength: MEMORY_BYTES });
    assertNoBomb(bytes.length, packed);
    return { source: memorySource(bytes), close: () => Promise.resolve() };
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw error;
  }
}

async function unpackLarge(
  packed: ByteSource,
  { compression, scratchFolder, signal }: Unpacking,
): Promise<Unpacked> {
  const absolutePath = join(await scratchFolder(), randomUUID());
  let written = 0;
  async function* counted(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
    for await (const chunk of chunks) {
      assertNoBomb((written += chunk.length), packed);
      yield chunk;
    }
  }
  try {
    const write = createWriteStream(absolutePath, { mode: 0o600 });
    await pipeline(Readable.from(chunksOf(packed)), STREAMS[compression](), counted, write, { signal });
  } catch (error) {
    await rm(absolutePath, { force: true });
    throw error;
  }
  const source = openSource({ path: 'unpacked', absolutePath, sizeBytes: (await stat(absolutePath)).size });
  const close = async (): Promise<void> => {
    source.close();
    await rm(absolutePath, { force: true });
  };
  return { source, close };
}

function assertNoBomb(bytes: number, packed: ByteSource): void {
  if (bytes > limitOf(packed))
    throw new Bomb(`${packed.sizeBytes} bytes unpack to more than ${limitOf(packed)}`);
}

function* chunksOf(source: ByteSource): Generator<Buffer, void> {
  for (let from = 0; from < source.sizeBytes; from += CHUNK_BYTES) {
    yield source.read(from, Math.min(CHUNK_BYTES, source.sizeBytes - from));
  }
}

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
const isZlibError = (error: unknown): error is Error => /^Z_/.test(String(codeOf(error)));
