import { type ModelSummary } from '@modelpier/backstage-plugin-modelpier-common';
import { useMemo } from 'react';
import { Chip } from '../ui/Chips';
import { type Column, DataTable } from '../ui/DataTable';
import { Health } from '../ui/Health';
import { Note } from '../ui/Note';
import { Panel } from '../ui/Panel';
import text from '../ui/text.module.css';
import { type Translate, useTranslation } from '../use-translation';

type Place = ModelSummary['deployments'][number];

export interface PlacesPanelProps {
  readonly name: string;
  readonly deployments: readonly Place[] | undefined;
}

export function PlacesPanel({ name, deployments }: PlacesPanelProps) {
  const { t } = useTranslation();
  const columns = useMemo(() => columnsOf(t), [t]);
  return (
    <Panel title={t('overview.whereItRuns')} flush>
      <DataTable
        label={t('deployments.label', { name })}
        columns={columns}
        rows={deployments}
        rowKey={({ placement: { cluster, namespace, workload } }) =>
          `${cluster}/${namespace}/${workload.kind}/${workload.name}`
        }
      />
    </Panel>
  );
}

const columnsOf = (t: Translate): readonly Column<Place>[] => [
  {
    id: 'environment',
    label: t('deployments.environment'),
    cell: ({ placement: { environment } }) => <span className={text['strong']}>{environment ?? '–'}</span>,
  },
  {
    id: 'place',
    label: t('deployments.place'),
    cell: ({ placement: { cluster, namespace } }) => t('versions.place', { cluster, namespace }),
  },
  {
    id: 'version',
    label: t('deployments.version'),
    cell: ({ version, drift }) => (
      <span className={text['line']}>
        {version ?? <Note>{t('deployments.unknownVersion')}</Note>}
        {drift ? (
          <Chip tone="warning" title={t('deployments.driftHint')}>
            {t('deployments.drift')}
          </Chip>
        ) : null}
      </span>
    ),
  },
  {
    id: 'ready',
    label: t('deployments.ready'),
    numeric: true,
    cell: ({ ready, desired }) => `${ready} / ${desired}`,
  },
  { id: 'health', label: t('deployments.health'), cell: ({ status }) => <Health status={status} /> },
];
