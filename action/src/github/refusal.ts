/** How GitHub refused a request; without a status there was no answer that could be read. */
export interface Refusal {
  readonly status: number | undefined;
  readonly reason: string;
  /** Over one of the rate limits, and not for want of a permission. */
  readonly isLimit: boolean;
  /** Seconds to wait, where GitHub said. */
  readonly retryAfterSeconds: number | undefined;
  /** When a primary limit ends, in milliseconds since 1970. */
  readonly resetsAtMs: number | undefined;
}

/** Reads an error of GitHub's client; it keeps the status and the headers of the answer. */
export function refusalOf(error: unknown): Refusal {
  const { status, headers } = answerOf(error);
  const reason = error instanceof Error ? error.message : String(error);
  const isUsedUp = headers['x-ratelimit-remaining'] === '0';
  const retryAfterSeconds = countOf(headers['retry-after']);
  const saysLimit = isUsedUp || retryAfterSeconds !== undefined || /rate limit/i.test(reason);
  return {
    status,
    reason,
    isLimit: status === 429 || (status === 403 && saysLimit),
    retryAfterSeconds,
    resetsAtMs: isUsedUp ? inMs(countOf(headers['x-ratelimit-reset'])) : undefined,
  };
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** The client gives a status to errors without an answer too. */
function answerOf(error: unknown): Answer {
  const { status, response } = (error ?? {}) as { status?: number; response?: Pick<Answer, 'headers'> };
  return response === undefined ? { status: undefined, headers: {} } : { status, headers: response.headers };
}

const countOf = (text = ''): number | undefined => (/^\d+$/.test(text) ? Number(text) : undefined);
const inMs = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : seconds * 1000;

/** A release does not wait longer than this for GitHub's bookkeeping. */
const LONGEST_DELAY_MS = 60_000;
const FIRST_DELAY_MS = 1_000;

/** How long to wait before the next try; `undefined` where none is worth it. A limit is waited for once. */
export function retryDelayMs(
  refusal: Refusal,
  { tried, now }: { readonly tried: number; readonly now: number },
): number | undefined {
  const { status, isLimit, retryAfterSeconds, resetsAtMs } = refusal;
  const isPassing = isLimit || status === undefined || status >= 500;
  if (!isPassing || (isLimit && tried > 1)) return undefined;
  const asked = inMs(retryAfterSeconds) ?? (resetsAtMs === undefined ? undefined : resetsAtMs - now);
  // "Wait for at least one minute", says GitHub of a secondary limit that names no time.
  const delayMs = asked ?? (isLimit ? LONGEST_DELAY_MS : FIRST_DELAY_MS * 2 ** (tried - 1));
  return delayMs > LONGEST_DELAY_MS ? undefined : Math.max(delayMs, 0);
}

/** What could not be done, why, and what would help: the permission by its name, or an input to leave it be. */
export function explainRefusal(
  act: string,
  error: unknown,
  { permission, otherwise }: { readonly permission: string; readonly otherwise: string },
): string {
  const { status, reason, isLimit, resetsAtMs } = refusalOf(error);
  const told = `could not ${act}: ${reason}`;
  if (isLimit) {
    const until = resetsAtMs === undefined ? '' : ` until ${new Date(resetsAtMs).toISOString()}`;
    return `${told}; GitHub's rate limit is used up${until}, which the next run need not meet`;
  }
  if (status === 401) return `${told}; pass \${{ github.token }} as github-token`;
  if (status === 403 || status === 404) {
    return `${told}; add \`${permission}\` to the job's permissions, or ${otherwise}`;
  }
  return told;
}
