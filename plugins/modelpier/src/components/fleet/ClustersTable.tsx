import {
  type FleetAllocation,
  type FleetTotal,
  sumFleetAllocation,
  unitOf,
} from '@modelpier/backstage-plugin-modelpier-common';
import { type Figures } from '../../figures/figures';
import { type ViewedResource } from '../../hooks/use-fleet-view';
import { useFigures } from '../../hooks/use-figures';
import { type Column, DataTable } from '../ui/DataTable';
import { Meter } from '../ui/Meter';
import { Note } from '../ui/Note';
import { type Translate, useTranslation } from '../use-translation';
import classes from './fleet.module.css';

type Row = FleetTotal & { readonly cluster: string };

export interface ClustersTableProps {
  readonly scopes: FleetAllocation['scopes'];
  readonly resource: ViewedResource;
}

/** R = T / N cluster by cluster, the fullest first: where there is room, and where models ask for too much. */
export function ClustersTable({ scopes, resource }: ClustersTableProps) {
  const { t } = useTranslation();
  const figures = useFigures();
  const clusters = [...new Set(scopes.map(({ cluster }) => cluster))];
  const rows = clusters
    .map(cluster => ({
      cluster,
      ...sumFleetAllocation(
        scopes.filter(scope => scope.cluster === cluster),
        resource,
      ),
    }))
    .toSorted((a, b) => (b.ofTotal ?? -1) - (a.ofTotal ?? -1));
  return (
    <div className={classes['clusters']}>
      <DataTable
        label={t('fleet.byCluster')}
        columns={columnsOf(t, figures)}
        rows={rows}
        rowKey={({ cluster }) => cluster}
      />
    </div>
  );
}

const columnsOf = (t: Translate, figures: Figures): readonly Column<Row>[] => {
  const amount = ({ resource }: Row, quantity: string) => figures.amount(unitOf(resource), quantity);
  return [
    { id: 'cluster', label: t('fleet.cluster'), cell: ({ cluster }) => cluster },
    {
      id: 'fairShare',
      label: t('resources.fairShare'),
      cell: row =>
        row.fairShare === null ? (
          <Note>{row.unreadClusters > 0 ? t('resources.forbidden') : t('fleet.noFairShare')}</Note>
        ) : (
          t('resources.equation', {
            total: amount(row, row.total),
            containers: figures.count(row.containers),
            share: amount(row, row.fairShare),
          })
        ),
    },
    {
      id: 'requested',
      label: t('fleet.byModels'),
      numeric: true,
      cell: row => (row.unreadClusters > 0 ? '–' : amount(row, row.requested)),
    },
    {
      id: 'ofTotal',
      label: t('fleet.ofTotal'),
      cell: row => {
        if (row.ofTotal === null) return '–';
        const words = t('fleet.ofFairShare', {
          ratio: figures.percent(row.ofTotal),
          amount: amount(row, row.total),
        });
        return (
          <>
            {words}
            <Meter label={t('fleet.ofTotal')} text={words} ratio={row.ofTotal} />
          </>
        );
      },
    },
  ];
};
