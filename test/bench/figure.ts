export type Unit = 'seconds' | 'milliseconds' | 'bytes' | 'count';

/** What was measured: every run of it, so that the table can say how far they lie apart. */
export interface Sample {
  readonly unit: Unit;
  readonly values: readonly number[];
}

/** A figure with its limit: of our own value, or of its ratio to a peer's in the same run. */
export type Figure =
  | {
      readonly kind: 'ratio';
      readonly name: string;
      readonly limit: number;
      readonly ours: Sample;
      readonly peer: Peer;
    }
  | { readonly kind: 'value'; readonly name: string; readonly limit: number; readonly ours: Sample }
  /** A figure that is due, and could not be taken here. */
  | { readonly kind: 'missing'; readonly name: string; readonly limit: number; readonly reason: string };

interface Peer {
  readonly name: string;
  readonly sample: Sample;
}

/** Told apart from a missed limit: what was not measured is neither kept nor missed. */
export type Verdict = 'kept' | 'missed' | 'not measured';

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) throw new RangeError('a median of nothing');
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** What stands against the limit: a ratio of medians, or a median. */
export function measuredOf(figure: Exclude<Figure, { kind: 'missing' }>): number {
  const ours = median(figure.ours.values);
  return figure.kind === 'value' ? ours : ours / median(figure.peer.sample.values);
}

export function judge(figure: Figure): Verdict {
  if (figure.kind === 'missing') return 'not measured';
  return measuredOf(figure) <= figure.limit ? 'kept' : 'missed';
}
