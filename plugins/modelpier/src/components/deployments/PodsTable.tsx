import { type Deployment } from '@modelpier/backstage-plugin-modelpier-common';
import { useMemo } from 'react';
import { Age } from '../ui/Age';
import { type Column, DataTable } from '../ui/DataTable';
import { DigestText } from '../ui/DigestText';
import { Health } from '../ui/Health';
import text from '../ui/text.module.css';
import { type Translate, useTranslation } from '../use-translation';

type Pod = Deployment['pods'][number];

export interface PodsTableProps {
  readonly workload: string;
  readonly pods: readonly Pod[];
}

export function PodsTable({ workload, pods }: PodsTableProps) {
  const { t } = useTranslation();
  const columns = useMemo(() => columnsOf(t), [t]);
  return (
    <DataTable
      label={t('deployments.podsLabel', { workload })}
      columns={columns}
      rows={pods}
      rowKey={({ name }) => name}
    />
  );
}

const columnsOf = (t: Translate): readonly Column<Pod>[] => [
  {
    id: 'pod',
    label: t('deployments.pod'),
    cell: ({ name }) => <code className={text['code']}>{name}</code>,
  },
  {
    id: 'node',
    label: t('deployments.node'),
    cell: ({ node }) => (
      <span className={text['block']} title={node ?? undefined}>
        {node ?? t('deployments.unscheduled')}
      </span>
    ),
  },
  { id: 'health', label: t('deployments.health'), cell: ({ status }) => <Health status={status} /> },
  { id: 'phase', label: t('deployments.phase'), cell: ({ phase }) => phase },
  {
    id: 'restarts',
    label: t('deployments.restarts'),
    numeric: true,
    cell: ({ restarts }) => restarts,
  },
  {
    id: 'started',
    label: t('deployments.started'),
    cell: ({ startedAt }) => (
      <span className={text['nowrap']}>{startedAt === null ? '–' : <Age since={startedAt} />}</span>
    ),
  },
  {
    id: 'digest',
    label: t('versions.digest'),
    cell: ({ digest }) => (digest === null ? '–' : <DigestText digest={digest} />),
  },
];
