import { type HistoryPoint } from '@modelpier/backstage-plugin-modelpier-common';
import { drawnAmount } from '../../figures/drawn-amount';
import { type Sample } from '../chart/runs';

/** One resource over time, in its base unit: cores, bytes or devices. */
export interface ResourceHistory {
  readonly resource: string;
  readonly requested: readonly Sample[];
  readonly fairShare: readonly Sample[];
  readonly usedMean: readonly Sample[];
  readonly usedMost: readonly Sample[];
}

const drawn = (quantity: string | null | undefined): number | null =>
  quantity === null || quantity === undefined ? null : drawnAmount(quantity);

const timeOf = ({ at }: HistoryPoint): number => Date.parse(at);

/** Every resource that any of the points has, in the order in which they come. */
export function resourceHistories(points: readonly HistoryPoint[]): readonly ResourceHistory[] {
  const names = [...new Set(points.flatMap(({ resources }) => resources.map(({ resource }) => resource)))];
  return names.map(resource => {
    const read = (what: 'requested' | 'fairShare' | 'usedMean' | 'usedMost'): Sample[] =>
      points.map(point => ({
        at: timeOf(point),
        value: drawn(point.resources.find(each => each.resource === resource)?.[what]),
      }));
    return {
      resource,
      requested: read('requested'),
      fairShare: read('fairShare'),
      usedMean: read('usedMean'),
      usedMost: read('usedMost'),
    };
  });
}

export const replicaHistory = (
  points: readonly HistoryPoint[],
  what: 'desired' | 'ready' | 'leastReady',
): readonly Sample[] => points.map(point => ({ at: timeOf(point), value: point[what] }));

export const mostOf = (...samples: readonly (readonly Sample[])[]): number =>
  Math.max(0, ...samples.flat().map(({ value }) => value ?? 0));

/** The newest value, where the newest span has one. */
export const latestOf = (samples: readonly Sample[]): number | null => samples.at(-1)?.value ?? null;

/** Beyond this the yardstick would press what is measured against it flat. */
const MOST_TIMES = 2.5;

/** Whether the fair share can be drawn without hiding the rest. */
export const isShareDrawn = ({ fairShare, requested, usedMost }: ResourceHistory): boolean =>
  mostOf(fairShare) <= MOST_TIMES * mostOf(requested, usedMost);
