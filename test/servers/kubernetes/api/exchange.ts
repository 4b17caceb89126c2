import type { IncomingMessage, ServerResponse } from 'node:http';
import { isFields, type StoredObject } from '../object';
import { badRequest, Refused } from '../refused';

/** One request with everything that handlers ask about it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

export function beginExchange(request: IncomingMessage, response: ServerResponse): Exchange {
  const url = new URL(request.url ?? '/', 'http://localhost');
  return { request, response, method: request.method ?? 'GET', path: url.pathname, query: url.searchParams };
}

export const sendJson = (exchange: Exchange, code: number, value: unknown): void =>
  send(exchange, { code, type: 'application/json', text: `${JSON.stringify(value)}\n` });

/** JSON that calls itself plain text, as the real server sends its OpenAPI document. */
export const sendText = (exchange: Exchange, value: unknown): void =>
  send(exchange, { code: 200, type: 'text/plain; charset=utf-8', text: JSON.stringify(value) });

interface Sent {
  readonly code: number;
  readonly type: string;
  readonly text: string;
}

function send({ response }: Exchange, { code, type, text }: Sent): void {
  response.writeHead(code, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-cache, private',
  });
  response.end(text);
}

export function sendRefusal(exchange: Exchange, error: unknown): void {
  const refused =
    error instanceof Refused
      ? error
      : new Refused(500, 'InternalError', `Internal error occurred: ${String(error)}`);
  const { retryAfterSeconds } = refused.details;
  if (retryAfterSeconds !== undefined) exchange.response.setHeader('retry-after', retryAfterSeconds);
  if (exchange.response.headersSent) exchange.response.destroy();
  else sendJson(exchange, refused.code, refused.toStatus());
}

/** etcd's limit, and so the real server's. */
const LARGEST_BODY_BYTES = 3 * 1024 * 1024;

export async function readBody({ request }: Exchange): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > LARGEST_BODY_BYTES) {
      throw new Refused(
        413,
        'RequestEntityTooLarge',
        `Request entity too large: limit is ${LARGEST_BODY_BYTES}`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The body of a write as an object, checked against the address it was sent to. */
export function asObject(value: unknown, address: { apiVersion: string; kind: string }): StoredObject {
  if (!isFields(value)) throw badRequest('the body is not an object');
  const { apiVersion, kind, metadata } = value;
  if (apiVersion !== address.apiVersion || kind !== address.kind) {
    const sent = `${String(apiVersion)}, Kind=${String(kind)}`;
    throw badRequest(`invalid object type: ${sent} is not ${address.apiVersion}, Kind=${address.kind}`);
  }
  return {
    ...value,
    apiVersion,
    kind,
    metadata: isFields(metadata) ? metadata : {},
  } as unknown as StoredObject;
}
