import { type ModelSummary, unitOf } from '@modelpier/backstage-plugin-modelpier-common';
import { useFigures } from '../../hooks/use-figures';
import { type ViewedResource } from '../../hooks/use-fleet-view';
import { Meter } from '../ui/Meter';
import { useTranslation } from '../use-translation';
import { TwoLines } from './fleet-cells';
import classes from './table.module.css';

interface Shown {
  readonly model: ModelSummary;
  readonly resource: ViewedResource;
}

/** Twice the fair share fills the bar; the mark stands at the fair share. */
const BAR_END = 2;

const find = ({ model, resource }: Shown) =>
  model.allocation?.resources.find(each => each.resource === resource);

/** What the model asks for, and what it uses of it. */
export function RequestedCell(shown: Shown) {
  const { t } = useTranslation();
  const figures = useFigures();
  const found = find(shown);
  if (found === undefined) return <>–</>;
  const unit = unitOf(found.resource);
  return (
    <TwoLines
      first={figures.amount(unit, found.requested)}
      second={
        found.used === null
          ? t('resources.noMetrics')
          : t('fleet.used', { amount: figures.amount(unit, found.used) })
      }
    />
  );
}

/** Requests against what all containers of the model would get if every container got the same. */
export function ShareCell(shown: Shown) {
  const { t } = useTranslation();
  const figures = useFigures();
  const found = find(shown);
  if (found === undefined || found.share === null || found.fairShare === null) return <>–</>;
  const { share, fairShare } = found;
  const ratio = figures.percent(share);
  const amount = figures.amount(unitOf(found.resource), fairShare);
  const words = t('fleet.ofFairShare', { ratio, amount });
  return (
    <div title={words}>
      <div className={classes['share']}>
        {ratio}
        <span className={classes['quiet']}>{t('fleet.of', { whole: amount })}</span>
      </div>
      <Meter label={t('fleet.share')} text={words} ratio={share} max={BAR_END} mark={1} />
    </div>
  );
}
