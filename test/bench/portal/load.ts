import { Agent, get } from 'node:http';

/** How long each request took. */
export interface Load {
  readonly milliseconds: readonly number[];
  /** What was not answered with 200, and with what instead. */
  readonly errors: readonly string[];
}

export interface LoadOptions {
  readonly url: string;
  readonly token: string;
  readonly paths: readonly string[];
  /** How many are under way at once. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

/** Asks for every path; the next begins as soon as one has been answered to its last byte. */
export async function load({ url, token, paths, concurrency, signal }: LoadOptions): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const queue = paths.values();
  const milliseconds: number[] = [];
  const errors: string[] = [];
  const work = async () => {
    for (const path of queue) {
      signal.throwIfAborted();
      const begun = performance.now();
      const status = await ask(`${url}${path}`, { agent, token });
      milliseconds.push(performance.now() - begun);
      if (status !== 200) errors.push(`${status} ${path}`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  agent.destroy();
  return { milliseconds, errors };
}

const ask = (url: string, { agent, token }: { agent: Agent; token: string }): Promise<number> =>
  new Promise((resolve, reject) => {
    get(url, { agent, headers: { authorization: `Bearer ${token}` } }, response => {
      response.on('error', reject).on('end', () => resolve(response.statusCode ?? 0));
      response.resume();
    }).on('error', reject);
  });

/** The value that so many of all (from 0 to 1) do not exceed. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)];
  if (value === undefined) throw new RangeError('a percentile of nothing');
  return value;
}
