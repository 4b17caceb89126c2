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
}

export type GoldenAnswers = Omit<GoldenRun, 'subject'>;

/** Asks a server all cases, one request after the other; ends at the first answer that is not as expected. */
export async function askGolden(golden: Golden, { ask, now }: GoldenServer): Promise<GoldenAnswers> {
  const { cases, warmUps, repetitions, p95Ms } = golden;
  const timesMs: number[] = [];
  let requests = 0;
  for (const each of cases) {
    const request = goldenRequest(each);
    for (let round = 0; round < warmUps + repetitions; round += 1) {
      const begunAt = now();
      const answer = await ask(request);
      const tookMs = now() - begunAt;
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
