import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Answer } from './answer';
import type { Fault } from './faults';

/** Sends the answer, or what the fault makes of it. */
export async function send(
  response: ServerResponse,
  said: Answer,
  { fault, withBody }: { readonly fault: Fault | undefined; readonly withBody: boolean },
): Promise<void> {
  response.writeHead(said.status, headersOf(said, fault));
  if (!withBody || said.body === undefined) {
    if (said.body instanceof Readable) said.body.destroy();
    response.end();
    return;
  }
  const bytes = said.body instanceof Readable ? said.body : Readable.from([said.body]);
  if (fault === undefined) {
    await pipeline(bytes, response);
    return;
  }
  await pipeline(bytes, source => spoiled(source as AsyncIterable<Uint8Array>, fault), response);
}

function headersOf({ headers = {} }: Answer, fault: Fault | undefined): Record<string, string> {
  const sent: Record<string, string> = { 'docker-distribution-api-version': 'registry/2.0', ...headers };
  if (fault?.kind === 'lying-digest') sent['docker-content-digest'] = `sha256:${'0'.repeat(64)}`;
  // Without a length the end of the answer is taken at its word.
  if (fault?.kind === 'short-answer') delete sent['content-length'];
  return sent;
}

async function* spoiled(bytes: AsyncIterable<Uint8Array>, fault: Fault): AsyncGenerator<Uint8Array> {
  const limit =
    fault.kind === 'cut-answer' ? fault.afterBytes : fault.kind === 'short-answer' ? fault.bytes : Infinity;
  let sentBytes = 0;
  for await (const chunk of bytes) {
    const taken = chunk.subarray(0, limit - sentBytes);
    sentBytes += taken.byteLength;
    yield fault.kind === 'wrong-bytes' ? taken.map(byte => byte ^ 0xff) : taken;
    if (sentBytes < limit) continue;
    if (fault.kind === 'cut-answer') throw new Error('connection cut');
    return;
  }
}
