import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import { readReply, type Reply } from './reply';
import { refusal } from './refusal';
import type { ApiRequest, Timeouts, Transport } from './transport';
import { isPassing } from './unreachable';
import { wait } from './wait';

/** A page of 500 objects, each at most the 1.5 MiB that etcd takes, is far smaller in practice. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;
const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 5_000;
/** A server that asks for more is better given up than waited for. */
const LONGEST_RETRY_AFTER_MS = 30_000;

export interface ApiOptions {
  readonly transport: Transport;
  readonly timeouts: Timeouts;
  /** How often a request is sent before its failure counts. */
  readonly attempts: number;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
}

export interface Api {
  readonly server: string;
  /** The answer of a request that succeeded or whose status is among `accept`; throws for any other. */
  call(request: ApiRequest, options?: CallOptions): Promise<Reply>;
}

interface CallOptions {
  readonly accept?: readonly number[];
  readonly maxBytes?: number | undefined;
}

/** Every request of the client is idempotent (GET, server-side apply, DELETE by name), so each is sent again
 * after 429, a gateway's 5xx or a broken connection. */
export function createApi({ transport, timeouts, attempts, random }: ApiOptions): Api {
  const limits = { maxBytes: MAX_BODY_BYTES, timeoutMs: timeouts.requestMs };

  async function attempt(request: ApiRequest, maxBytes: number): Promise<Reply | ModelpierError> {
    try {
      return await readReply(transport, request, { ...limits, maxBytes });
    } catch (error) {
      if (error instanceof ModelpierError && isPassing(error)) return error;
      throw error;
    }
  }

  async function call(request: ApiRequest, { accept = [], maxBytes }: CallOptions = {}): Promise<Reply> {
    for (let tried = 1; ; tried += 1) {
      const outcome = await attempt(request, maxBytes ?? limits.maxBytes);
      const failed = outcome instanceof ModelpierError;
      if (!failed && (isSuccess(outcome.status) || accept.includes(outcome.status))) return outcome;
      const pause = pauseMs(outcome, tried, random);
      if (tried >= attempts || pause === undefined) throw failed ? outcome : refusal(outcome, request.act);
      await wait(pause, request.signal, request.act);
    }
  }

  return { server: transport.server, call };
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

const WORTH_A_RETRY = [429, 500, 502, 503, 504];

/** How long to wait before the next attempt; `undefined` where another would end the same. */
function pauseMs(outcome: Reply | ModelpierError, tried: number, random: () => number): number | undefined {
  const backOff = Math.min(FIRST_PAUSE_MS * 2 ** (tried - 1), LONGEST_PAUSE_MS) * (0.5 + random() / 2);
  if (outcome instanceof ModelpierError) return backOff;
  if (!WORTH_A_RETRY.includes(outcome.status)) return undefined;
  if (refusal(outcome, '').code === 'invalid-document') return undefined;
  const seconds = Number(outcome.headers['retry-after'] ?? 0);
  const asked = Number.isFinite(seconds) ? seconds * 1000 : 0;
  return asked > LONGEST_RETRY_AFTER_MS ? undefined : Math.max(backOff, asked);
}
