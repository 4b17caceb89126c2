import { type HistoryAnswer, type HistoryPoint, unitOf } from '@modelpier/backstage-plugin-modelpier-common';
import { useMemo } from 'react';
import { type Figures } from '../../figures/figures';
import { useFigures } from '../../hooks/use-figures';
import { type Column, DataTable } from '../ui/DataTable';
import { type Translate, useTranslation } from '../use-translation';

/** The charts in figures, the newest span first. */
export function HistoryTable({ answer }: { readonly answer: HistoryAnswer }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { points } = answer;
  const columns = useMemo(() => columnsOf(points, t, figures), [points, t, figures]);
  return (
    <DataTable
      label={t('history.title')}
      columns={columns}
      rows={points.toReversed()}
      rowKey={({ at }) => at}
    />
  );
}

const columnsOf = (
  points: readonly HistoryPoint[],
  t: Translate,
  figures: Figures,
): readonly Column<HistoryPoint>[] => {
  const names = [...new Set(points.flatMap(({ resources }) => resources.map(({ resource }) => resource)))];
  return [
    { id: 'at', label: t('history.at'), cell: ({ at }) => figures.instant(at) },
    ...names.flatMap(name => resourceColumns(name, t, figures)),
    {
      id: 'replicas',
      label: t('history.replicas'),
      numeric: true,
      cell: ({ ready, desired, leastReady }) =>
        t('history.replicasOf', {
          ready: figures.count(ready),
          desired: figures.count(desired),
          fewest: figures.count(leastReady),
        }),
    },
    {
      id: 'clusters',
      label: t('history.clusters'),
      numeric: true,
      cell: ({ clusters }) => figures.count(clusters),
    },
  ];
};

function resourceColumns(name: string, t: Translate, figures: Figures): readonly Column<HistoryPoint>[] {
  const resource = figures.resource(unitOf(name));
  const of = ({ resources }: HistoryPoint) => resources.find(each => each.resource === name);
  const amount = (quantity: string | null | undefined, otherwise: string) =>
    quantity === null || quantity === undefined ? otherwise : figures.amount(unitOf(name), quantity);
  return [
    {
      id: `${name}-used`,
      label: t('history.usedOf', { resource }),
      numeric: true,
      cell: point => {
        const { usedMean, usedMost, usedP95 } = of(point) ?? {};
        if (usedMean === null || usedMean === undefined) return t('resources.noMetrics');
        const figuresOf = { mean: amount(usedMean, ''), most: amount(usedMost, '') };
        if (usedP95 === null || usedP95 === undefined) return t('history.meanAndMost', figuresOf);
        return t('history.meanHighAndMost', { ...figuresOf, high: amount(usedP95, '') });
      },
    },
    {
      id: `${name}-requested`,
      label: t('history.requestedOf', { resource }),
      numeric: true,
      cell: point => amount(of(point)?.requested, '–'),
    },
    {
      id: `${name}-fairShare`,
      label: t('history.fairShareOf', { resource }),
      numeric: true,
      cell: point => amount(of(point)?.fairShare, '–'),
    },
  ];
}
