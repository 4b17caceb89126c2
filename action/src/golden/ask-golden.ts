import {
  countBeyondP95,
  formatMismatch,
  type Golden,
  type GoldenAnswer,
  type GoldenMismatch,
  goldenRequest,
  type GoldenRun,
  isUnknownPath,
  judgeAnswer,
  latencyOf,
  roundMs,
} from '@modelpier/backstage-plugin-modelpier-common';

/** One server, and how it is asked. */
export interface GoldenServer {
  /** Sends the request of a case and reads the whole answer; throws where there is none. */
  readonly ask: (request: string) => Promise<GoldenAnswer>;
  /** Milliseconds, of any beginning. */
  readonly now: () => number;
  /** When its time is over, by `now`. */
  readonly until?: number | undefined;
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

/** Asks a server all cases, one request after the other; ends as soon as the verdict is certain. */
export async function askGolden(golden: Golden, server: GoldenServer): Promise<GoldenAnswers> {
  const { cases, warmUps, repetitions, p95Ms = Infinity } = golden;
  const { now, until = Infinity } = server;
  const mayBeLate = countBeyondP95(cases.length * repetitions);
  const timesMs: number[] = [];
  let [requests, late] = [0, 0];
  for (const each of cases) {
    const request = goldenRequest(each);
    for (let round = 0; round < warmUps + repetitions; round += 1) {
      if (now() >= until) return outOfTime(golden, { requests, timesMs });
      const { answer, tookMs } = await askPatiently(request, server);
      requests += 1;
      if (requests === 1 && isUnknownPath(answer)) return unknownPath(answer);
      const mismatch = judgeAnswer(each, answer);
      if (mismatch !== undefined) return failed(mismatch, { requests, timesMs });
      if (round < warmUps) continue;
      timesMs.push(tookMs);
      if (roundMs(tookMs) > p95Ms) late += 1;
      if (late > mayBeLate) return tooSlow(p95Ms, { requests, timesMs });
    }
  }
  return { verdict: 'passed', requests, latency: latencyOf(timesMs) };
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

/** How far it came. */
interface Course {
  readonly requests: number;
  readonly timesMs: readonly number[];
}

const failed = (mismatch: GoldenMismatch, { requests, timesMs }: Course): GoldenAnswers => ({
  verdict: 'failed',
  requests,
  latency: latencyOf(timesMs),
  reason: formatMismatch(mismatch),
  mismatch,
});

function tooSlow(p95Ms: number, { requests, timesMs }: Course): GoldenAnswers {
  const latency = latencyOf(timesMs);
  const reason = `its p95 is ${latency?.p95Ms} ms, at most ${p95Ms} ms is allowed`;
  return { verdict: 'failed', requests, latency, reason };
}

const outOfTime = (
  { cases, warmUps, repetitions }: Golden,
  { requests, timesMs }: Course,
): GoldenAnswers => ({
  verdict: 'failed',
  requests,
  latency: latencyOf(timesMs),
  reason: `it answered ${requests} of ${cases.length * (warmUps + repetitions)} requests before \`timeout\` was over`,
});
