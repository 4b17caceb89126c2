import type { Readable } from 'node:stream';

/** What a handler wants said; the server says it, as the faults allow. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | Readable;
}

/** An error of the distribution-spec, thrown by handlers. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }

  answer(): Answer {
    const errors = [{ code: this.code, message: this.message }];
    return json(this.status, { errors }, this.headers);
  }
}

export function json(
  status: number,
  document: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const body = Buffer.from(JSON.stringify(document));
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers, 'content-length': String(body.byteLength) },
    body,
  };
}

export const empty = (status: number, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers: { 'content-length': '0', ...headers },
});
