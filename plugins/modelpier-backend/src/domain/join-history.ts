import {
  amountText,
  fairShareText,
  type HistoryPoint,
  unitOf,
} from '@modelpier/backstage-plugin-modelpier-common';
import { type AmountSketch, HIGH, percentileOf } from './amount-sketch';
import { groupBy } from './group-by';
import type { SampledResource } from './sample-model';
import { nanoOf } from './sampled-amount';

/** How a model stood in one cluster over one span. */
export interface StoredSpan {
  readonly at: string;
  readonly desired: number;
  readonly ready: number;
  readonly leastReady: number;
  readonly resources: readonly SampledResource[];
}

/** One point for each span, over all clusters; in the order of the spans. */
export function joinSpans(spans: readonly StoredSpan[]): readonly HistoryPoint[] {
  return [...groupBy(spans, ({ at }) => at)].map(([at, own]) => ({
    at,
    clusters: own.length,
    desired: sum(own.map(({ desired }) => desired)),
    ready: sum(own.map(({ ready }) => ready)),
    leastReady: sum(own.map(({ leastReady }) => leastReady)),
    resources: joinResources(own.flatMap(({ resources }) => resources)),
  }));
}

const joinResources = (resources: readonly SampledResource[]): HistoryPoint['resources'] =>
  [...groupBy(resources, ({ resource }) => resource)].map(([resource, own]) => {
    const shares = own.map(({ fairShare }) => fairShare);
    const isMeasured = own.every(({ measured }) => measured > 0);
    const means = own.map(({ usedSum, measured }) => Math.round(usedSum / Math.max(1, measured)));
    const high = own.map(({ used, usedMost }) => highOf(used, usedMost));
    const write = (amount: number) => amountText(unitOf(resource), nanoOf(resource, amount));
    return {
      resource,
      requested: write(sum(own.map(({ requested }) => requested))),
      fairShare: shares.every(share => share !== null)
        ? fairShareText(unitOf(resource), { numerator: nanoOf(resource, sum(shares)), denominator: 1n })
        : null,
      usedMean: isMeasured ? write(sum(means)) : null,
      usedMost: isMeasured ? write(sum(own.map(({ usedMost }) => usedMost))) : null,
      usedP95: isMeasured && high.every(isKnown) ? write(sum(high)) : null,
    };
  });

/** The middle of a bucket may lie above all that is in it. */
function highOf(used: AmountSketch | undefined, most: number): number | null {
  const high = used === undefined ? null : percentileOf(used, HIGH);
  return high === null ? null : Math.min(high, most);
}

const isKnown = (amount: number | null): amount is number => amount !== null;

const sum = (amounts: readonly number[]): number => amounts.reduce((total, each) => total + each, 0);
