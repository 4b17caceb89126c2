import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';
import { Refused } from './refused';

/** What goes wrong, and with which requests; the first fault that fits is taken. */
export interface Fault {
  readonly method?: string;
  /** Tested against path and query. */
  readonly url?: RegExp;
  /** How many requests it hits; default all. */
  readonly times?: number;
  readonly delayMs?: number;
  /** Answers this in place of the server; without it the request goes on after the delay. */
  readonly status?: number;
  readonly message?: string;
  readonly retryAfterSeconds?: number;
  /** Drops the connection without an answer. */
  readonly hangUp?: boolean;
  /** An answer that no API server gives, such as a proxy's page. */
  readonly raw?: { readonly headers: Readonly<Record<string, string>>; readonly body: string };
}

const REASONS: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  410: 'Expired',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** Faults that tests plant, with the requests that came. */
export class Faults {
  readonly requests: { readonly method: string; readonly url: string }[] = [];
  readonly #planted: { fault: Fault; left: number }[] = [];
  readonly #cuts = new Set<() => void>();

  constructor(private readonly forgetHistory: () => void) {}

  plant(fault: Fault): void {
    this.#planted.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#planted.length = 0;
  }

  /** Drops the connection of every open watch. */
  cutWatches(): void {
    for (const cut of [...this.#cuts]) cut();
  }

  /** Makes every version and continue token known so far answer 410. */
  expireHistory(): void {
    this.forgetHistory();
  }

  get openWatches(): number {
    return this.#cuts.size;
  }

  add(cut: () => void): () => void {
    this.#cuts.add(cut);
    return () => this.#cuts.delete(cut);
  }

  /** Lets the request pass, throws the refusal, or answers itself and says so. */
  async meet(method: string, url: string, response: ServerResponse): Promise<'pass' | 'answered'> {
    this.requests.push({ method, url });
    const found = this.#planted.find(
      ({ fault, left }) => left > 0 && (fault.method ?? method) === method && (fault.url ?? /./).test(url),
    );
    if (found === undefined) return 'pass';
    found.left -= 1;
    const { delayMs, status, hangUp = false, raw } = found.fault;
    if (delayMs !== undefined) await sleep(delayMs, undefined, { ref: false });
    if (hangUp) response.destroy();
    else if (raw !== undefined) response.writeHead(status ?? 502, raw.headers).end(raw.body);
    else if (status !== undefined) throw refusalOf(found.fault, status);
    else return 'pass';
    return 'answered';
  }
}

const refusalOf = ({ message, retryAfterSeconds }: Fault, status: number): Refused =>
  new Refused(status, REASONS[status] ?? 'Unknown', message ?? `planted fault ${status}`, {
    retryAfterSeconds,
  });
