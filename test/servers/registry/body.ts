import { Refusal } from './answer';

/** The whole body of a small request. */
export async function readAll(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxBytes) throw new Refusal(413, 'SIZE_INVALID', 'the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
