import { count, type Decoded, list, literal, number, object, optional, text } from '../parse/decoder';
import { goldenMismatch, type GoldenMismatch } from './compare';
import { formatIndex } from './tensor';

/** `not-run`: there was no way to ask, which is said. */
export const GOLDEN_VERDICTS = ['passed', 'failed', 'not-run'] as const;
export type GoldenVerdict = (typeof GOLDEN_VERDICTS)[number];

/** Of the timed requests, from sending to the whole answer. */
export const goldenLatency = object({ p50Ms: number, p95Ms: number, p99Ms: number });
export type GoldenLatency = Decoded<typeof goldenLatency>;

/** How one server answered. */
export const goldenRun = object({
  /** `pod mnist-mlp-7c9d-x2x1p`, `docker 28.2.2`. */
  subject: text,
  verdict: literal(...GOLDEN_VERDICTS),
  /** Why it failed, or was not run. */
  reason: optional(text),
  /** How many requests it answered. */
  requests: count,
  latency: optional(goldenLatency),
  /** From the start of its container until it was ready. */
  coldStartMs: optional(count),
  mismatch: optional(goldenMismatch),
});
export type GoldenRun = Decoded<typeof goldenRun>;

/** Whether it answered all as expected, and too late. */
export const isTooSlow = ({ verdict, mismatch, latency }: GoldenRun): boolean =>
  verdict === 'failed' && mismatch === undefined && latency !== undefined;

/** What became of the golden check of a release, or of an image before it got its tags. */
export const reportedGolden = object({
  verdict: literal(...GOLDEN_VERDICTS),
  /** The golden file. */
  file: text,
  cases: count,
  /** The limit of the 95th percentile, where there is one. */
  p95LimitMs: optional(number),
  runs: list(goldenRun),
});
export type ReportedGolden = Decoded<typeof reportedGolden>;

/** What a ledger keeps of it: of several servers the slowest. */
export const goldenNote = object({
  verdict: literal(...GOLDEN_VERDICTS),
  cases: count,
  p95Ms: optional(number),
  coldStartMs: optional(count),
});
export type GoldenNote = Decoded<typeof goldenNote>;

/** All in one: failed where any failed, passed where some passed and none failed. */
export function goldenVerdict(runs: readonly Pick<GoldenRun, 'verdict'>[]): GoldenVerdict {
  const has = (verdict: GoldenVerdict): boolean => runs.some(run => run.verdict === verdict);
  return has('failed') ? 'failed' : has('passed') ? 'passed' : 'not-run';
}

export function goldenNoteOf({ verdict, cases, runs }: ReportedGolden): GoldenNote {
  const p95s = runs.flatMap(({ latency }) => latency?.p95Ms ?? []);
  const starts = runs.flatMap(({ coldStartMs }) => coldStartMs ?? []);
  return {
    verdict,
    cases,
    ...(p95s.length > 0 && { p95Ms: Math.max(...p95s) }),
    ...(starts.length > 0 && { coldStartMs: Math.max(...starts) }),
  };
}

/** The nearest rank: a time that was really measured. */
export function latencyOf(timesMs: readonly number[]): GoldenLatency | undefined {
  if (timesMs.length === 0) return undefined;
  const sorted = [...timesMs].sort((a, b) => a - b);
  const rank = (share: number): number => roundMs(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
  return { p50Ms: rank(0.5), p95Ms: rank(0.95), p99Ms: rank(0.99) };
}

/** As exact as times are told. */
export const roundMs = (ms: number): number => Math.round(ms * 100) / 100;

/** How many of so many requests may take longer than their 95th percentile. */
export const countBeyondP95 = (requests: number): number => requests - Math.ceil(0.95 * requests);

/** `case "four": logits[0, 4] is 9.97, expected 3.5 (at most 0.001 away); 12 of 30 elements differ`. */
export function formatMismatch(mismatch: GoldenMismatch): string {
  const { output, index, got, expected, tolerance, elements } = mismatch;
  const where = output === undefined ? 'the answer' : `${output}${index === undefined ? '' : formatIndex(index)}`;
  const within = tolerance === undefined ? '' : ` (at most ${tolerance} away)`;
  const others =
    elements === undefined || elements.of === 1 ? '' : `; ${elements.wrong} of ${elements.of} elements differ`;
  return `case ${JSON.stringify(mismatch.case)}: ${where} is ${got}, expected ${expected}${within}${others}`;
}
