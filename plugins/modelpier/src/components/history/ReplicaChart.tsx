import { type HistoryPoint } from '@modelpier/backstage-plugin-modelpier-common';
import { useFigures } from '../../hooks/use-figures';
import { LineChart } from '../chart/LineChart';
import { scaleFor } from '../chart/scale';
import { useTranslation } from '../use-translation';
import classes from './history.module.css';
import { type Frame } from './HistoryCharts';
import { latestOf, mostOf, replicaHistory } from './history-series';
import { Legend } from './Legend';

export interface ReplicaChartProps {
  readonly points: readonly HistoryPoint[];
  readonly frame: Frame;
}

/** How many pods there were, against how many there should be. */
export function ReplicaChart({ points, frame }: ReplicaChartProps) {
  const { t } = useTranslation();
  const { count } = useFigures();
  const desired = replicaHistory(points, 'desired');
  const ready = replicaHistory(points, 'ready');
  const leastReady = replicaHistory(points, 'leastReady');
  const fewest = Math.min(...leastReady.map(({ value }) => value ?? 0));
  const told = (value: number | null) => count(value ?? 0);
  // Pods are counted: no mark stands between two of them.
  const scale = scaleFor(Math.max(4, mostOf(desired, ready)));
  return (
    <figure className={classes['figure']}>
      <figcaption className={classes['caption']}>{t('history.replicas')}</figcaption>
      <LineChart
        {...frame}
        text={t('history.replicaText', {
          ready: told(latestOf(ready)),
          desired: told(latestOf(desired)),
          fewest: told(fewest),
        })}
        scale={scale}
        tickText={count}
        band={{ low: leastReady, high: ready }}
        series={[
          { id: 'desired', shape: 'bound', samples: desired },
          { id: 'ready', shape: 'level', samples: ready },
        ]}
      />
      <Legend
        entries={[
          { shape: 'level', label: t('history.ready'), value: told(latestOf(ready)) },
          { shape: 'band', label: t('history.leastReady'), value: told(latestOf(leastReady)) },
          { shape: 'bound', label: t('history.desired'), value: told(latestOf(desired)) },
        ]}
      />
    </figure>
  );
}
