import {
  type FleetAllocation,
  type FleetReuse,
  type ModelsTotals,
  sumFleetAllocation,
  unitOf,
} from '@modelpier/backstage-plugin-modelpier-common';
import { memo, useState } from 'react';
import { type FleetView } from '../../hooks/use-fleet-view';
import { useFigures } from '../../hooks/use-figures';
import { type Asked } from '../../hooks/use-polled';
import { Meter } from '../ui/Meter';
import { useTranslation } from '../use-translation';
import { ClustersTable } from './ClustersTable';
import { Figure, type FigureToggle } from './Figure';
import classes from './fleet.module.css';
import { HealthCounts } from './HealthCounts';

/** Below it are the clusters, of which there is more than one. */
const CLUSTERS = 'modelpier-clusters';

export interface FleetTotalsProps {
  readonly totals: ModelsTotals | undefined;
  readonly allocation: Asked<FleetAllocation>;
  readonly reuse: Asked<FleetReuse>;
  readonly view: FleetView;
}

/** The fleet in one line of figures: those of the models follow the filters, those of the formulas are of all. */
export const FleetTotals = memo(function FleetTotals(props: FleetTotalsProps) {
  const { totals, allocation, reuse, view } = props;
  const { t } = useTranslation();
  const figures = useFigures();
  const [isOpen, setOpen] = useState(false);
  const scopes = allocation.value?.scopes ?? [];
  const hasClusters = new Set(scopes.map(({ cluster }) => cluster)).size > 1;
  const toggle = { isOpen, controls: CLUSTERS, onToggle: () => setOpen(!isOpen) };
  return (
    <>
      <section aria-label={t('fleet.totals')} className={classes['totals']}>
        <Figure label={t('fleet.models')} figure={totals && figures.count(totals.models)}>
          {totals && (
            <>
              <span>
                {t('fleet.versions', { count: totals.versions, told: figures.count(totals.versions) })}
              </span>
              <span>{t('fleet.imageBytes', { size: figures.bytes(totals.imageBytes) })}</span>
            </>
          )}
        </Figure>
        <Figure
          label={t('fleet.replicas')}
          figure={
            totals &&
            t('fleet.readyOf', { ready: figures.count(totals.ready), desired: figures.count(totals.desired) })
          }
        >
          <HealthCounts totals={totals} view={view} />
        </Figure>
        <AllocationFigure
          asked={allocation}
          resource={view.resource}
          toggle={hasClusters ? toggle : undefined}
        />
        <ReuseFigure asked={reuse} />
      </section>
      <div id={CLUSTERS} hidden={!isOpen || !hasClusters}>
        {isOpen ? <ClustersTable scopes={scopes} resource={view.resource} /> : null}
      </div>
    </>
  );
});

/** R = T / N over all clusters, and what the models ask for of their n fair shares. */
function AllocationFigure({
  asked: { value, error },
  resource,
  toggle,
}: {
  readonly asked: Asked<FleetAllocation>;
  readonly resource: FleetView['resource'];
  readonly toggle: FigureToggle | undefined;
}) {
  const { t } = useTranslation();
  const figures = useFigures();
  const label = t(`fleet.fairShare.${resource}`);
  if (value === undefined) return <Figure label={label} figure={error && figures.bytes(null)} />;
  const sum = sumFleetAllocation(value.scopes, resource);
  const amount = (quantity: string) => figures.amount(unitOf(resource), quantity);
  const unread =
    sum.unreadClusters === 0
      ? null
      : t('fleet.unreadClusters', { count: sum.unreadClusters, clusters: figures.count(sum.clusters) });
  if (sum.fairShare === null) {
    return (
      <Figure label={label} toggle={toggle} figure="–">
        <span>{unread ?? t('fleet.noFairShare')}</span>
      </Figure>
    );
  }
  const words = t('fleet.requestedOf', {
    requested: amount(sum.requested),
    containers: figures.count(sum.modelContainers),
    ratio: figures.percent(sum.share),
  });
  return (
    <Figure label={label} toggle={toggle} figure={amount(sum.fairShare)}>
      <span>
        {t('fleet.equation', { total: amount(sum.total), containers: figures.count(sum.containers) })}
      </span>
      <Meter label={t('fleet.share')} text={words} ratio={sum.share ?? 0} max={2} mark={1} />
      <span>{words}</span>
      {unread === null ? null : <span>{unread}</span>}
    </Figure>
  );
}

function ReuseFigure({ asked: { value, error } }: { readonly asked: Asked<FleetReuse> }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const label = t('fleet.reuseAll');
  if (value === undefined) return <Figure label={label} figure={error && figures.bytes(null)} />;
  const { ratio, newBytes, totalBytes } = value.reuse;
  if (ratio === null) return <Figure label={label} figure="–" />;
  const told = { newBytes: figures.bytes(newBytes), totalBytes: figures.bytes(totalBytes) };
  return (
    <Figure label={label} figure={figures.percent(ratio)}>
      <span>{t('fleet.reuseEquation', told)}</span>
      <Meter label={label} text={t('fleet.stored', told)} ratio={ratio} />
      <span>{t('fleet.stored', told)}</span>
    </Figure>
  );
}
