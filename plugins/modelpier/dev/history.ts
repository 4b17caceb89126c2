import {
  type HistoryAnswer,
  type HistoryPoint,
  type Source,
} from '@modelpier/backstage-plugin-modelpier-common';
import { HOUR, type Moment } from './world';

const HOURS = 7 * 24;
const MIB = 1024 ** 2;
/** Hours ago in which the portal did not read, and in which metrics were not available. */
const UNREAD = [50, 51, 52, 53, 54, 90];
const UNMEASURED = [20, 21, 22];

/** A day's load: low at night, high at noon. */
const load = (hour: number): number => 0.55 + 0.45 * Math.sin((hour / 24) * 2 * Math.PI);

function pointOf(at: string, hoursAgo: number, measured: boolean): HistoryPoint {
  const replicas = hoursAgo > 120 ? 3 : 4;
  const cpu = Math.round(replicas * 620 * load(hoursAgo));
  const memory = Math.round(replicas * (1_900 + 420 * load(hoursAgo)));
  const used = <T>(amount: T): T | null => (measured && !UNMEASURED.includes(hoursAgo) ? amount : null);
  return {
    at,
    clusters: 1,
    desired: replicas,
    ready: replicas,
    leastReady: hoursAgo === 3 ? 1 : replicas,
    resources: [
      {
        resource: 'cpu',
        requested: `${replicas * 1600}m`,
        fairShare: `${replicas * 2 * 980}m`,
        usedMean: used(`${cpu}m`),
        usedMost: used(`${Math.round(cpu * 1.35)}m`),
        usedP95: used(`${Math.round(cpu * 1.25)}m`),
      },
      {
        resource: 'memory',
        requested: String(replicas * 4224 * MIB),
        fairShare: String(replicas * 2 * 3_489_660_928),
        usedMean: used(String(memory * MIB)),
        usedMost: used(String(Math.round(memory * 1.08) * MIB)),
      },
    ],
  };
}

const bounds = ({ ago }: Moment) => {
  const hour = Date.parse(ago(0)) - (Date.parse(ago(0)) % HOUR);
  return { from: new Date(hour - (HOURS - 1) * HOUR).toISOString(), until: ago(0) };
};

/** A week with hours that were not read, hours without metrics, and a release that failed. */
export function historyOf(
  moment: Moment,
  sources: readonly Source[],
  { measured }: { readonly measured: boolean },
): HistoryAnswer {
  const { from, until } = bounds(moment);
  const hours = Array.from({ length: HOURS }, (_, index) => HOURS - 1 - index);
  const place = { cluster: 'harbor', namespace: 'apps', environment: 'production' };
  return {
    range: 'week',
    span: 'hour',
    from,
    until,
    points: hours
      .filter(hoursAgo => !UNREAD.includes(hoursAgo))
      .map(hoursAgo => {
        const at = new Date(Date.parse(from) + (HOURS - 1 - hoursAgo) * HOUR).toISOString();
        return pointOf(at, hoursAgo, measured);
      }),
    versions: [],
    releases: [
      { at: moment.ago(26 * HOUR), id: 'back', ...place, version: '1.1.0', verdict: 'healthy' },
      { at: moment.ago(3 * HOUR), id: 'failed', ...place, version: '1.2.0', verdict: 'rolled-back' },
    ],
    sources,
  };
}

/** Nothing was read yet. */
export const emptyHistory = (moment: Moment, sources: readonly Source[]): HistoryAnswer => ({
  range: 'week',
  span: 'hour',
  ...bounds(moment),
  points: [],
  versions: [],
  releases: [],
  sources,
});
