import { type AllocatedResource, isExtended } from '@modelpier/backstage-plugin-modelpier-common';
import { useMemo } from 'react';
import { type Figures } from '../../figures/figures';
import { useFigures } from '../../hooks/use-figures';
import { Chip } from '../ui/Chips';
import { type Column, DataTable } from '../ui/DataTable';
import { Note } from '../ui/Note';
import text from '../ui/text.module.css';
import { type Translate, useTranslation } from '../use-translation';
import { FairShare } from './FairShare';

export interface ResourcesTableProps {
  readonly scope: string;
  readonly resources: readonly AllocatedResource[];
  /** n: the model's containers in the scope. */
  readonly containers: number;
}

export function ResourcesTable({ scope, resources, containers }: ResourcesTableProps) {
  const { t } = useTranslation();
  const figures = useFigures();
  const columns = useMemo(() => columnsOf(t, figures, containers), [t, figures, containers]);
  return (
    <DataTable
      label={t('resources.label', { scope })}
      columns={columns}
      rows={resources}
      rowKey={({ resource }) => resource}
    />
  );
}

const columnsOf = (
  t: Translate,
  figures: Figures,
  containers: number,
): readonly Column<AllocatedResource>[] => [
  {
    id: 'resource',
    label: t('resources.resource'),
    cell: ({ resource }) => <span className={text['strong']}>{figures.resource(resource)}</span>,
  },
  {
    id: 'fairShare',
    label: t('resources.fairShare'),
    cell: allocated => <FairShare allocated={allocated} containers={containers} />,
  },
  {
    id: 'requested',
    label: t('resources.requested'),
    numeric: true,
    cell: allocated => <Requested allocated={allocated} containers={containers} />,
  },
  {
    id: 'limit',
    label: t('resources.limit'),
    numeric: true,
    cell: ({ resource, limited }) =>
      limited === null ? <Note>{t('resources.noLimit')}</Note> : figures.amount(resource, limited),
  },
  {
    id: 'used',
    label: t('resources.used'),
    numeric: true,
    cell: allocated => <Used allocated={allocated} containers={containers} />,
  },
];

interface Shown {
  readonly allocated: AllocatedResource;
  readonly containers: number;
}

/** A, as a part of the model's fair share and as a part of all. */
function Requested({ allocated, containers }: Shown) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { resource, requested, bestEffort, share, fairShare, ofTotal, total } = allocated;
  const { modelContainers = containers, allocated: counted } = allocated;
  if (bestEffort && counted === undefined) return <NoRequest resource={resource} />;
  return (
    <>
      {bestEffort ? <NoRequest resource={resource} /> : figures.amount(resource, requested)}
      {counted === undefined ? null : (
        <Note>{t('resources.counted', { amount: figures.amount(resource, counted) })}</Note>
      )}
      {share === null || fairShare === null ? null : (
        <Note>
          {t('resources.shareText', {
            ratio: figures.percent(share),
            containers: String(modelContainers),
            share: figures.amount(resource, fairShare),
          })}
        </Note>
      )}
      {ofTotal === null || total === null ? null : (
        <Note>
          {t('resources.ofTotalText', {
            ratio: figures.percent(ofTotal),
            total: figures.amount(resource, total),
          })}
        </Note>
      )}
    </>
  );
}

function NoRequest({ resource }: Pick<AllocatedResource, 'resource'>) {
  const { t } = useTranslation();
  // Devices are had by asking only: not to ask for them is no risk.
  if (isExtended(resource)) return <Note>{t('resources.noRequest')}</Note>;
  return (
    <Chip tone="warning" title={t('resources.bestEffortHint')}>
      {t('resources.bestEffort')}
    </Chip>
  );
}

function Used({ allocated, containers }: Shown) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { resource, used, efficiency, measuredContainers, modelContainers = containers } = allocated;
  if (used === null) return <Note>{t('resources.noMetrics')}</Note>;
  return (
    <>
      {figures.amount(resource, used)}
      {efficiency === null ? null : (
        <Note>{t('resources.efficiency', { ratio: figures.percent(efficiency) })}</Note>
      )}
      {measuredContainers === undefined ? null : (
        <Note>
          {t('resources.measured', {
            measured: String(measuredContainers),
            containers: String(modelContainers),
          })}
        </Note>
      )}
    </>
  );
}
