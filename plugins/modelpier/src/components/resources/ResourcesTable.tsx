import {
  type AllocatedResource,
  formatAmount,
  formatPercent,
  isExtended,
  resourceName,
} from '@modelpier/backstage-plugin-modelpier-common';
import { useMemo } from 'react';
import { Chip } from '../ui/Chips';
import { type Column, DataTable } from '../ui/DataTable';
import { Meter } from '../ui/Meter';
import { Note } from '../ui/Note';
import text from '../ui/text.module.css';
import { type Translate, useTranslation } from '../use-translation';
import { FairShare } from './FairShare';

/** Twice the fair share fills the bar; the mark stands at the fair share. */
const BAR_END = 2;

export interface ResourcesTableProps {
  readonly scope: string;
  readonly resources: readonly AllocatedResource[];
  /** n: the model's containers in the scope. */
  readonly containers: number;
}

export function ResourcesTable({ scope, resources, containers }: ResourcesTableProps) {
  const { t } = useTranslation();
  const columns = useMemo(() => columnsOf(t, containers), [t, containers]);
  return (
    <DataTable
      label={t('resources.label', { scope })}
      columns={columns}
      rows={resources}
      rowKey={({ resource }) => resource}
    />
  );
}

const columnsOf = (t: Translate, containers: number): readonly Column<AllocatedResource>[] => [
  {
    id: 'resource',
    label: t('resources.resource'),
    cell: ({ resource }) => <span className={text['strong']}>{resourceName(resource)}</span>,
  },
  {
    id: 'fairShare',
    label: t('resources.fairShare'),
    cell: resource => <FairShare allocated={resource} />,
  },
  {
    id: 'requested',
    label: t('resources.requested'),
    numeric: true,
    cell: resource => <Requested allocated={resource} />,
  },
  {
    id: 'limit',
    label: t('resources.limit'),
    numeric: true,
    cell: ({ resource, limited }) =>
      limited === null ? <Note>{t('resources.noLimit')}</Note> : formatAmount(resource, limited),
  },
  {
    id: 'used',
    label: t('resources.used'),
    numeric: true,
    cell: resource => <Used allocated={resource} containers={containers} />,
  },
  {
    id: 'share',
    label: t('resources.share'),
    cell: resource => <Share allocated={resource} containers={containers} />,
  },
  { id: 'ofTotal', label: t('resources.ofTotal'), cell: resource => <OfTotal allocated={resource} /> },
];

interface Shown {
  readonly allocated: AllocatedResource;
}

function Requested({ allocated: { resource, requested, bestEffort } }: Shown) {
  const { t } = useTranslation();
  if (!bestEffort) return <>{formatAmount(resource, requested)}</>;
  // Devices are had by asking only: not to ask for them is no risk.
  if (isExtended(resource)) return <Note>{t('resources.noRequest')}</Note>;
  return (
    <Chip tone="warning" title={t('resources.bestEffortHint')}>
      {t('resources.bestEffort')}
    </Chip>
  );
}

function Used({ allocated, containers }: Shown & { readonly containers: number }) {
  const { t } = useTranslation();
  const { resource, used, efficiency, measuredContainers, modelContainers = containers } = allocated;
  if (used === null) return <Note>{t('resources.noMetrics')}</Note>;
  return (
    <>
      {formatAmount(resource, used)}
      {efficiency === null ? null : (
        <Note>{t('resources.efficiency', { ratio: formatPercent(efficiency) })}</Note>
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

function Share({ allocated, containers }: Shown & { readonly containers: number }) {
  const { t } = useTranslation();
  const { resource, share, fairShare, requested, modelContainers = containers } = allocated;
  if (share === null || fairShare === null) return <>–</>;
  const words = t('resources.shareText', {
    requested: formatAmount(resource, requested),
    containers: String(modelContainers),
    share: formatAmount(resource, fairShare),
  });
  return (
    <>
      <span className={text['nowrap']}>{formatPercent(share)}</span>
      <Meter label={t('resources.share')} text={words} ratio={share} max={BAR_END} mark={1} />
      <Note>{words}</Note>
    </>
  );
}

function OfTotal({ allocated: { resource, requested, ofTotal, total } }: Shown) {
  const { t } = useTranslation();
  if (ofTotal === null || total === null) return <>–</>;
  const words = t('resources.ofTotalText', {
    requested: formatAmount(resource, requested),
    total: formatAmount(resource, total),
  });
  return (
    <>
      <span className={text['nowrap']}>{formatPercent(ofTotal)}</span>
      <Meter label={t('resources.ofTotal')} text={words} ratio={ofTotal} />
      <Note>{words}</Note>
    </>
  );
}
