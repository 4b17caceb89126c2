import { type HistoryAnswer } from '@modelpier/backstage-plugin-modelpier-common';
import { useMemo } from 'react';
import { useFigures } from '../../hooks/use-figures';
import { type Mark } from '../chart/LineChart';
import { type TimeBounds, timeTicks, type TimeTick } from '../chart/time-ticks';
import { useTranslation } from '../use-translation';
import classes from './history.module.css';
import { resourceHistories } from './history-series';
import { ReplicaChart } from './ReplicaChart';
import { ResourceChart } from './ResourceChart';

/** What all charts of an answer share. */
export interface Frame {
  readonly bounds: TimeBounds;
  readonly spanMs: number;
  readonly times: readonly TimeTick[];
  readonly marks: readonly Mark[];
}

const HOUR_MS = 60 * 60 * 1000;
const SPAN_MS = { hour: HOUR_MS, day: 24 * HOUR_MS } as const;
const BAD = new Set(['failed', 'rolled-back', 'rollback-failed']);

export function HistoryCharts({ answer }: { readonly answer: HistoryAnswer }) {
  const frame = useFrame(answer);
  const histories = useMemo(() => resourceHistories(answer.points), [answer.points]);
  return (
    <div className={classes['charts']}>
      {histories.map(history => (
        <ResourceChart key={history.resource} history={history} frame={frame} />
      ))}
      <ReplicaChart points={answer.points} frame={frame} />
    </div>
  );
}

function useFrame({ range, span, from, until, releases }: HistoryAnswer): Frame {
  const { t } = useTranslation();
  const { language, instant } = useFigures();
  return useMemo(() => {
    const spanMs = SPAN_MS[span];
    const begin = Date.parse(from);
    // The span that is now is drawn whole, so that its levels are as wide as the others'.
    const end = begin + Math.ceil((Date.parse(until) - begin) / spanMs) * spanMs;
    const bounds = { from: begin, until: Math.max(end, begin + spanMs) };
    return {
      bounds,
      spanMs,
      times: timeTicks(range, bounds, language),
      marks: releases.map(({ id, at, version, verdict, environment, cluster, namespace }) => ({
        id: `${cluster}/${namespace}/${id}`,
        at: Date.parse(at),
        tone: BAD.has(verdict) ? ('bad' as const) : ('plain' as const),
        text: t('history.mark', {
          version,
          place: environment ?? t('releases.place', { cluster, namespace }),
          verdict: t(`releases.verdict.${verdict}`),
          at: instant(at),
        }),
      })),
    };
  }, [range, span, from, until, releases, language, instant, t]);
}
