import { type ModelsTotals, STATES } from '@modelpier/backstage-plugin-modelpier-common';
import { type FleetView } from '../../hooks/use-fleet-view';
import { useFigures } from '../../hooks/use-figures';
import { HealthState } from '../ui/Health';
import { useTranslation } from '../use-translation';
import classes from './fleet.module.css';

export interface HealthCountsProps {
  readonly totals: ModelsTotals | undefined;
  readonly view: FleetView;
}

/** How many models stand how, the worst first; each count narrows the list to them, and back again. */
export function HealthCounts({ totals, view: { question, change } }: HealthCountsProps) {
  const { t } = useTranslation();
  const figures = useFigures();
  if (totals === undefined) return null;
  const states = STATES.toReversed().filter(
    state => question.health === state || totals.health.some(each => each.state === state),
  );
  const countOf = (state: string) => totals.health.find(each => each.state === state)?.models ?? 0;
  return (
    <div role="group" aria-label={t('fleet.byHealth')} className={classes['counts']}>
      {states.map(state => (
        <button
          key={state}
          type="button"
          className={classes['count']}
          aria-pressed={question.health === state}
          onClick={() => change({ health: question.health === state ? undefined : state })}
        >
          <HealthState state={state} /> {figures.count(countOf(state))}
        </button>
      ))}
      {totals.drifting === 0 && !question.drift ? null : (
        <button
          type="button"
          className={classes['count']}
          aria-pressed={question.drift === true}
          title={t('deployments.driftHint')}
          onClick={() => change({ drift: question.drift ? undefined : true })}
        >
          {t('deployments.drift')} {figures.count(totals.drifting)}
        </button>
      )}
    </div>
  );
}
