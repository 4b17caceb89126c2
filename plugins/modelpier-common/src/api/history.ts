import { digest } from '../image/digest';
import { count, type Decoded, list, literal, nullable, object, optional, text } from '../parse/decoder';
import { RELEASE_VERDICTS } from '../release/release-record';
import { sources } from './source';

/** How far back, each with the span of one point: hours up to a week, days beyond. */
export const HISTORY_RANGES = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type HistoryRange = (typeof HISTORY_RANGES)[number];
export const HISTORY_SPANS = ['hour', 'day'] as const;

/** Amounts as in an allocation scope; over the clusters that were read in this span. */
export const historyPoint = object({
  /** When the span begins. */
  at: text,
  clusters: count,
  /** As they were last. */
  desired: count,
  ready: count,
  /** The fewest that were ready at any reading. */
  leastReady: count,
  resources: list(
    object({
      resource: text,
      requested: text,
      fairShare: nullable(text),
      /** `null` where some cluster was not measured. */
      usedMean: nullable(text),
      usedMost: nullable(text),
      /** The 95th percentile of the readings, within a hundredth; of several clusters the sum of theirs. */
      usedP95: optional(nullable(text)),
    }),
  ),
});
export type HistoryPoint = Decoded<typeof historyPoint>;

export const historyAnswer = object({
  range: literal(...HISTORY_RANGES),
  span: literal(...HISTORY_SPANS),
  from: text,
  until: text,
  /** Oldest first; spans in which nothing was read are left out. */
  points: list(historyPoint),
  /** Versions that were first seen in the range, oldest first; of many the newest. */
  versions: list(object({ at: text, digest, version: nullable(text) })),
  /** Releases of the range, oldest first; of many the newest. */
  releases: list(
    object({
      at: text,
      id: text,
      cluster: text,
      namespace: text,
      environment: optional(text),
      version: text,
      verdict: literal(...RELEASE_VERDICTS),
    }),
  ),
  sources,
});
export type HistoryAnswer = Decoded<typeof historyAnswer>;
