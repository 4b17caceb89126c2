import { type AllocatedResource } from '@modelpier/backstage-plugin-modelpier-common';
import { drawnAmount } from '../../figures/drawn-amount';
import { type Figures } from '../../figures/figures';
import { useFigures } from '../../hooks/use-figures';
import { Note } from '../ui/Note';
import { type Translate, useTranslation } from '../use-translation';
import { AllocationBar } from './AllocationBar';
import classes from './FairShare.module.css';

export interface FairShareProps {
  readonly allocated: AllocatedResource;
  /** n: the model's containers in the scope. */
  readonly containers: number;
}

/** R = T / N as a bar of N equal parts and with the numbers that went in, or why there is none. */
export function FairShare({ allocated, containers }: FairShareProps) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { resource, total, containers: all, fairShare, requested, used } = allocated;
  const { modelContainers: own = containers } = allocated;
  if (fairShare === null || total === null) return <Note>{reasonOf(allocated, t, figures)}</Note>;
  const equation = t('resources.equation', {
    total: figures.amount(resource, total),
    containers: String(all),
    share: figures.amount(resource, fairShare),
  });
  return (
    <div className={classes['share']}>
      <AllocationBar
        text={t('resources.barText', {
          equation,
          own: String(own),
          requested: figures.amount(resource, requested),
          used: used === null ? t('resources.noMetrics') : figures.amount(resource, used),
        })}
        end={drawnAmount(total)}
        cells={{ count: all, own }}
        requested={drawnAmount(requested)}
        used={used === null ? null : drawnAmount(used)}
      />
      <span className={classes['equation']}>{equation}</span>
    </div>
  );
}

function reasonOf({ resource, total, reason }: AllocatedResource, t: Translate, { amount }: Figures): string {
  switch (reason) {
    case 'no-containers':
      return total === null
        ? t('resources.unknown')
        : t('resources.noContainers', { total: amount(resource, total) });
    case 'none-in-scope':
      return t('resources.noneInScope');
    case 'forbidden':
      return t('resources.forbidden');
    case undefined:
      return t('resources.unknown');
  }
}
