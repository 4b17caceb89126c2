import {
  type ContainerAllocation,
  formatAmount,
  formatTimes,
  resourceName,
} from '@modelpier/backstage-plugin-modelpier-common';
import { useMemo } from 'react';
import { type Column, DataTable } from '../ui/DataTable';
import { Meter } from '../ui/Meter';
import { Note } from '../ui/Note';
import text from '../ui/text.module.css';
import { type Translate, useTranslation } from '../use-translation';

const BAR_END = 2;

export interface ContainersTableProps {
  readonly scope: string;
  readonly containers: readonly ContainerAllocation[];
}

interface Row {
  readonly container: ContainerAllocation;
  readonly amounts: ContainerAllocation['resources'][number];
  /** Whether it is the container's first line, which names it. */
  readonly first: boolean;
}

export function ContainersTable({ scope, containers }: ContainersTableProps) {
  const { t } = useTranslation();
  const columns = useMemo(() => columnsOf(t), [t]);
  const rows = containers.flatMap(container =>
    container.resources.map((amounts, index): Row => ({ container, amounts, first: index === 0 })),
  );
  return (
    <DataTable
      label={t('resources.containerLabel', { scope })}
      columns={columns}
      rows={rows}
      rowKey={({ container: { workload, container }, amounts }) =>
        [workload.namespace, workload.kind, workload.name, container, amounts.resource].join('/')
      }
    />
  );
}

const columnsOf = (t: Translate): readonly Column<Row>[] => [
  { id: 'container', label: t('resources.container'), cell: row => <ContainerName row={row} /> },
  {
    id: 'instances',
    label: t('resources.instances'),
    numeric: true,
    cell: ({ container, first }) => (first ? container.instances : null),
  },
  { id: 'resource', label: t('resources.resource'), cell: ({ amounts }) => resourceName(amounts.resource) },
  {
    id: 'request',
    label: t('resources.requested'),
    numeric: true,
    cell: ({ amounts: { resource, request } }) =>
      request === null ? <Note>{t('resources.noRequest')}</Note> : formatAmount(resource, request),
  },
  {
    id: 'limit',
    label: t('resources.limit'),
    numeric: true,
    cell: ({ amounts: { resource, limit } }) =>
      limit === null ? <Note>{t('resources.noLimit')}</Note> : formatAmount(resource, limit),
  },
  {
    id: 'used',
    label: t('resources.used'),
    numeric: true,
    cell: ({ amounts: { resource, used } }) =>
      used === null ? <Note>{t('resources.noMetrics')}</Note> : formatAmount(resource, used),
  },
  { id: 'ofFairShare', label: t('resources.ofFairShare'), cell: row => <OfFairShare row={row} /> },
];

function ContainerName({ row: { container, first } }: { readonly row: Row }) {
  const name = `${container.workload.name} / ${container.container}`;
  return <span className={first ? text['strong'] : text['note']}>{name}</span>;
}

function OfFairShare({ row: { amounts } }: { readonly row: Row }) {
  const { t } = useTranslation();
  if (amounts.ofFairShare === null) return <>–</>;
  const words = t('resources.timesFairShare', { times: formatTimes(amounts.ofFairShare) });
  return (
    <>
      <span className={text['nowrap']}>{words}</span>
      <Meter
        label={t('resources.ofFairShare')}
        text={words}
        ratio={amounts.ofFairShare}
        max={BAR_END}
        mark={1}
      />
    </>
  );
}
