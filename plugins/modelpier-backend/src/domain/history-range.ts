import type { HISTORY_SPANS, HistoryRange } from '@modelpier/backstage-plugin-modelpier-common';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

interface Range {
  readonly span: (typeof HISTORY_SPANS)[number];
  readonly spanMs: number;
  /** How many spans it has: no answer has more points. */
  readonly points: number;
}

const RANGES: Readonly<Record<HistoryRange, Range>> = {
  day: { span: 'hour', spanMs: HOUR_MS, points: 24 },
  week: { span: 'hour', spanMs: HOUR_MS, points: 7 * 24 },
  month: { span: 'day', spanMs: DAY_MS, points: 30 },
  quarter: { span: 'day', spanMs: DAY_MS, points: 91 },
  year: { span: 'day', spanMs: DAY_MS, points: 365 },
};

/** The span of a range's points, and when the first one begins; the last is the span that is now. */
export function boundsOf(range: HistoryRange, now: number): { span: Range['span']; from: string } {
  const { span, spanMs, points } = RANGES[range];
  const latest = now - (now % spanMs);
  return { span, from: new Date(latest - (points - 1) * spanMs).toISOString() };
}
