import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import { hideSent } from '../registry/redact';
import { type ApiAnswer, type ApiRequest, noAnswer, type Transport } from './transport';
import { asUnreachable } from './unreachable';
import { cancelled } from './wait';

/** A whole answer, read; `json` is `undefined` where the body was none. */
export interface Reply {
  readonly server: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: unknown;
}

export interface ReadLimits {
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

/** Sends and reads everything, or throws `timeout`, `too-large`, `unreachable` or `cancelled`. */
export async function readReply(
  transport: Transport,
  request: ApiRequest,
  { maxBytes, timeoutMs }: ReadLimits,
): Promise<Reply> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeoutMs);
  const signal =
    request.signal === undefined ? limit.signal : AbortSignal.any([request.signal, limit.signal]);
  try {
    const answer = await transport.send({ ...request, signal });
    return await readAnswer(answer, { server: transport.server, act: request.act, maxBytes });
  } catch (error) {
    if (request.signal?.aborted === true) throw cancelled(request.act, request.signal);
    if (limit.signal.aborted) throw noAnswer(request.act, transport.server, timeoutMs);
    if (error instanceof ModelpierError) throw error;
    throw asUnreachable(error, request.act, transport.server);
  } finally {
    clearTimeout(timer);
  }
}

/** The rest of an answer whose head is there; its time is limited by the signal that the request was sent with. */
export async function readAnswer(
  answer: ApiAnswer,
  { server, act, maxBytes }: { readonly server: string; readonly act: string; readonly maxBytes: number },
): Promise<Reply> {
  const { status, headers, sent } = answer;
  const whole = await readText(answer, maxBytes, act);
  const text = status >= 400 ? hideSent(whole, sent) : whole;
  return { server, status, headers, text, json: asJson(text, headers) };
}

async function readText(answer: ApiAnswer, maxBytes: number, act: string): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer> & IncomingMessage) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) {
      answer.close();
      throw new ModelpierError('too-large', `${act}: the answer is larger than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function asJson(text: string, headers: IncomingHttpHeaders): unknown {
  if (headers['content-type']?.includes('json') !== true) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
