import {
  formatMismatch,
  type Golden,
  type GoldenAnswer,
  type GoldenMismatch,
  goldenRequest,
  type GoldenRun,
  isUnknownPath,
  judgeAnswer,
  latencyOf,
} from '@modelpier/backstage-plugin-modelpier-common';

/** One server, and how it is asked. */
export interface GoldenServer {
  /** Sends the request of a case and reads the whole answer; throws where there is none. */
  readonly ask: (request: string) => Promise<GoldenAnswer>;
  /** Milliseconds, of any beginning. */
  readonly now: () => number;
  /** A moment for a server that is busy. */
  readonly pause: () => Promise<void>;
}

/** What a server under load may answer, or whoever stands before it. */
const BUSY = [429, 503];
/** New pods get the traffic of users as well: being busy is no wrong answer, staying so is. */
const MOST_TRIES = 5;
/** How long a busy server is left alone. */
export const BUSY_PAUSE_MS = 1_000;

export type GoldenAnswers = Omit<GoldenRun, 'subject'>;

/** Asks a server all cases, one request after the other; ends at the first answer that is not as expected. */
export async function askGolden(golden: Golden, server: GoldenServer): Promise<GoldenAnswers> {
  const { cases, warmUps, repetitions, p95Ms } = golden;
  const timesMs: number[] = [];
  let requests = 0;
  for (const each of cases) {
    const request = goldenRequest(each);
    for (let round = 0; round < warmUps + repetitions; round += 1) {
      const { answer, tookMs } = await askPatiently(request, server);
      requests += 1;
      if (requests === 1 && isUnknownPath(answer)) return unknownPath(answer);
      const mismatch = judgeAnswer(each, answer);
      if (mismatch !== undefined) return failed(mismatch, { requests, timesMs });
      if (round >= warmUps) timesMs.push(tookMs);
    }
  }
  const latency = latencyOf(timesMs);
  const isSlow = p95Ms !== undefined && latency !== undefined && latency.p95Ms > p95Ms;
  return {
    verdict: isSlow ? 'failed' : 'passed',
    requests,
    latency,
    ...(isSlow && { reason: `its p95 is ${latency.p95Ms} ms, at most ${p95Ms} ms is allowed` }),
  };
}

/** The last answer, and how long that one took. */
async function askPatiently(
  request: string,
  { ask, now, pause }: GoldenServer,
): Promise<{ readonly answer: GoldenAnswer; readonly tookMs: number }> {
  for (let tried = 1; ; tried += 1) {
    const begunAt = now();
    const answer = await ask(request);
    const tookMs = now() - begunAt;
    if (!BUSY.includes(answer.status) || tried === MOST_TRIES) return { answer, tookMs };
    await pause();
  }
}

/** The first question says it: nobody knows what such a server would have answered. */
const unknownPath = ({ status }: GoldenAnswer): GoldenAnswers => ({
  verdict: 'not-run',
  requests: 1,
  reason: `it answers ${status}: it does not know the model by this name, or speaks another protocol`,
});

const failed = (
  mismatch: GoldenMismatch,
  { requests, timesMs }: { readonly requests: number; readonly timesMs: readonly number[] },
): GoldenAnswers => ({
  verdict: 'failed',
  requests,
  latency: latencyOf(timesMs),
  reason: formatMismatch(mismatch),
  mismatch,
});
