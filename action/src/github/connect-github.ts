import { getOctokit } from '@actions/github';
import { refusalOf, retryDelayMs } from './refusal';

/** GitHub answers within a second or two; an answer that takes longer is not coming. */
const REQUEST_MS = 10_000;
/** A cancelled job has 10 s, from the first signal to the end. */
const HURRIED_REQUEST_MS = 2_000;
const MAX_TRIES = 4;

/** GitHub's REST API. */
export type Github = ReturnType<typeof getOctokit>['rest'];

export interface GithubConnection {
  /** `https://api.github.com`, or that of a GitHub Enterprise server: `https://host/api/v3`. */
  readonly apiUrl: string;
  readonly clock: {
    now(): number;
    sleep(ms: number, signal?: AbortSignal): Promise<void>;
  };
  /** Once it is aborted nothing is waited for any more: each request has one short try. */
  readonly signal?: AbortSignal | undefined;
}

/** Each request has a time limit, and what passes by itself is tried again a few times. */
export function connectGithub(token: string, { apiUrl, clock, signal }: GithubConnection): Github {
  const octokit = getOctokit(token, { baseUrl: apiUrl, log: SILENT });
  octokit.hook.wrap('request', async (request, options) => {
    for (let tried = 1; ; tried++) {
      const isHurried = signal?.aborted === true;
      const limitMs = isHurried ? HURRIED_REQUEST_MS : REQUEST_MS;
      const limit = AbortSignal.timeout(limitMs);
      // The client hands these very options on to its other hooks, whatever is passed to `request`.
      options.request = { ...options.request, signal: limit };
      try {
        return await request(options);
      } catch (cause) {
        const error = limit.aborted ? new Error(`no answer within ${limitMs / 1000} s`, { cause }) : cause;
        const refusal = refusalOf(error);
        const delayMs = retryDelayMs(refusal, { tried, now: clock.now() });
        const isOver = isHurried || tried === MAX_TRIES || delayMs === undefined;
        if (isOver || !(refusal.isLimit || isRepeatable(options))) throw error;
        await clock.sleep(delayMs, signal).catch(() => undefined);
      }
    }
  });
  return octokit.rest;
}

const nothing = (): void => undefined;
/** Failures are told once, by who asked. */
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Asking twice is as good as once; but creating may have happened although its answer was lost. */
const isRepeatable = ({ method, url }: { readonly method: string; readonly url: string }): boolean =>
  method !== 'POST' || url.endsWith('/statuses');
