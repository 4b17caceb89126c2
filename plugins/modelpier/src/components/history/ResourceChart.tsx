import { unitOf } from '@modelpier/backstage-plugin-modelpier-common';
import { useFigures } from '../../hooks/use-figures';
import { LineChart } from '../chart/LineChart';
import { scaleFor } from '../chart/scale';
import { useTranslation } from '../use-translation';
import classes from './history.module.css';
import { type Frame } from './HistoryCharts';
import { isShareDrawn, latestOf, mostOf, type ResourceHistory } from './history-series';
import { Legend } from './Legend';

export interface ResourceChartProps {
  readonly history: ResourceHistory;
  readonly frame: Frame;
}

/** One resource: what was used on average and at most, against what was requested and the fair share. */
export function ResourceChart({ history, frame }: ResourceChartProps) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { resource, requested, fairShare, usedMean, usedMost } = history;
  const unit = unitOf(resource);
  const amount = (value: number) =>
    figures.amount(unit, resource === 'cpu' ? `${Math.round(value * 1000)}m` : decimal(value));
  const told = (value: number | null) => (value === null ? t('resources.noMetrics') : amount(value));
  const withShare = isShareDrawn(history);
  const highest = mostOf(requested, usedMost, withShare ? fairShare : []);
  const name = figures.resource(unit);
  const share = latestOf(fairShare);
  const most = usedMost.some(({ value }) => value !== null) ? mostOf(usedMost) : null;
  return (
    <figure className={classes['figure']}>
      <figcaption className={classes['caption']}>{name}</figcaption>
      <LineChart
        {...frame}
        text={t('history.resourceText', {
          resource: name,
          used: told(latestOf(usedMean)),
          most: told(most),
          requested: told(latestOf(requested)),
        })}
        scale={scaleFor(highest, resource === 'memory' ? 2 : 10)}
        tickText={amount}
        band={{ low: usedMean, high: usedMost }}
        series={[
          ...(withShare ? [{ id: 'fairShare', shape: 'bound' as const, samples: fairShare }] : []),
          { id: 'requested', shape: 'level', samples: requested },
          { id: 'used', shape: 'line', samples: usedMean },
        ]}
      />
      <Legend
        entries={[
          { shape: 'line', label: t('history.usedMean'), value: told(latestOf(usedMean)) },
          { shape: 'band', label: t('history.usedMost'), value: told(latestOf(usedMost)) },
          { shape: 'level', label: t('history.requested'), value: told(latestOf(requested)) },
          {
            shape: 'bound',
            label: t(withShare ? 'history.fairShare' : 'history.fairShareAbove'),
            value: share === null ? figures.amount(unit, null) : amount(share),
          },
        ]}
      />
    </figure>
  );
}

/** Without an exponent, as quantities are written. */
const decimal = (value: number): string => String(Math.round(value * 1000) / 1000);
