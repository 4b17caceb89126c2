import {
  ModelpierError,
  OCI_LAYER_GZIP,
  OCI_LAYER_TAR,
  OCI_LAYER_ZSTD,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as zlib from 'node:zlib';
import { isCompressible } from './compressible';

export const COMPRESSIONS = ['none', 'gzip', 'zstd'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

export const LAYER_MEDIA_TYPES: Readonly<Record<Compression, string>> = {
  none: OCI_LAYER_TAR,
  gzip: OCI_LAYER_GZIP,
  zstd: OCI_LAYER_ZSTD,
};

/** Part of the digest: another level gives another layer. */
const GZIP_LEVEL = 6;
/** RFC 1952, 2.3: deflate, no flags, no time, no level, no operating system (255). */
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);

/** `auto` leaves alone what does not compress; a compression that is named applies to every layer. */
export function chooseCompression(
  asked: 'auto' | Compression,
  files: readonly { readonly path: string }[],
): Compression {
  if (asked !== 'auto') return asked;
  return files.every(({ path }) => isCompressible(path)) ? 'gzip' : 'none';
}

/** The same bytes in give the same bytes out, in whatever pieces they come. */
export function compress(
  bytes: AsyncIterable<Uint8Array>,
  compression: Compression,
): AsyncIterable<Uint8Array> {
  switch (compression) {
    case 'none':
      return bytes;
    case 'gzip':
      return gzip(bytes);
    case 'zstd':
      return zstd(bytes);
  }
}

async function* gzip(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const sum = { crc: 0, size: 0 };
  const counted = async function* (): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of bytes) {
      sum.crc = zlib.crc32(chunk, sum.crc);
      sum.size = (sum.size + chunk.length) % 2 ** 32;
      yield chunk;
    }
  };
  yield GZIP_HEADER;
  yield* through(counted(), zlib.createDeflateRaw({ level: GZIP_LEVEL }));
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(sum.crc, 0);
  trailer.writeUInt32LE(sum.size, 4);
  yield trailer;
}

function zstd(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  if (!('createZstdCompress' in zlib)) {
    throw new ModelpierError('unsupported', 'compression: zstd needs Node 22.15 or newer');
  }
  return through(bytes, zlib.createZstdCompress());
}

/** The transform's output; an error of the input comes out as it went in. */
async function* through(
  bytes: AsyncIterable<Uint8Array>,
  transform: Transform,
): AsyncGenerator<Uint8Array, void> {
  const done = pipeline(bytes, transform);
  // It is awaited below; a reader that stops early must not leave it unhandled.
  done.catch(() => undefined);
  for await (const chunk of transform) yield chunk as Uint8Array;
  await done;
}
