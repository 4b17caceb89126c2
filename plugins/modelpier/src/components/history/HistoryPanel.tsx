import {
  type HistoryAnswer,
  HISTORY_RANGES,
  type HistoryRange,
} from '@modelpier/backstage-plugin-modelpier-common';
import { Skeleton } from '@backstage/ui';
import { type Asked } from '../../hooks/use-polled';
import { Choice } from '../ui/Choice';
import { FailureAlert } from '../ui/FailureAlert';
import { Panel } from '../ui/Panel';
import { useTranslation } from '../use-translation';
import classes from './history.module.css';
import { HistoryCharts } from './HistoryCharts';
import { HistoryTable } from './HistoryTable';
import { Opened } from '../ui/Opened';

export interface HistoryPanelProps {
  readonly asked: Asked<HistoryAnswer>;
  readonly range: HistoryRange;
  readonly onChoose: (range: HistoryRange) => void;
}

/** Use, requests and replicas over time; what was not read is a gap. */
export function HistoryPanel({ asked, range, onChoose }: HistoryPanelProps) {
  const { t } = useTranslation();
  const { value, error, receivedAt } = asked;
  return (
    <Panel
      title={t('history.title')}
      aside={
        <Choice
          label={t('history.range')}
          options={HISTORY_RANGES.map(id => ({ id, label: t(`history.ranges.${id}`) }))}
          chosen={range}
          onChoose={onChoose}
        />
      }
    >
      {error === undefined ? null : <FailureAlert error={error} receivedAt={receivedAt} />}
      {value === undefined && error === undefined ? <Skeleton height={320} /> : null}
      {value === undefined ? null : <History answer={value} />}
    </Panel>
  );
}

function History({ answer }: { readonly answer: HistoryAnswer }) {
  const { t } = useTranslation();
  const { points } = answer;
  if (points.length === 0) return <p className={classes['note']}>{t('history.empty')}</p>;
  const most = Math.max(...points.map(({ clusters }) => clusters));
  return (
    <>
      <HistoryCharts answer={answer} />
      <p className={classes['note']}>{t(`history.span.${answer.span}`)}</p>
      {answer.releases.length === 0 ? null : <p className={classes['note']}>{t('history.marks')}</p>}
      {points.every(({ clusters }) => clusters === most) ? null : (
        <p className={classes['note']}>{t('history.fewerClusters', { count: most })}</p>
      )}
      <Opened label={t('history.asTable')}>{() => <HistoryTable answer={answer} />}</Opened>
    </>
  );
}
