import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type { Readable } from 'node:stream';

/** The whole body; more than `maxBytes` is an error, and the rest is not read. */
export async function readCapped(body: Readable, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxBytes) {
      throw new ModelpierError('too-large', `the answer is larger than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, sizeBytes);
}

/** An answer's body of no interest, read so that its connection serves again. */
const MAX_IGNORED_BYTES = 128 * 1024;
export async function discard(body: Readable): Promise<void> {
  await readCapped(body, MAX_IGNORED_BYTES).catch(() => undefined);
}

/** What follows the first bytes of a body. */
export async function* skip(body: Readable, skippedBytes: number): AsyncGenerator<Uint8Array> {
  let left = skippedBytes;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    if (chunk.byteLength > left) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.byteLength);
  }
}
