import { Link } from '@backstage/ui';
import { type Deployment } from '@modelpier/backstage-plugin-modelpier-common';
import { type ReactNode, useMemo } from 'react';
import { webAddress } from '../safe-link';
import { Age } from '../ui/Age';
import { Chip } from '../ui/Chips';
import { type Column, DataTable } from '../ui/DataTable';
import { DigestText } from '../ui/DigestText';
import { Health } from '../ui/Health';
import { Meter } from '../ui/Meter';
import { Note } from '../ui/Note';
import text from '../ui/text.module.css';
import { type Translate, useTranslation } from '../use-translation';
import { VersionDetails } from '../versions/VersionDetails';
import { PodsTable } from './PodsTable';

export interface DeploymentsTableProps {
  readonly name: string;
  readonly deployments: readonly Deployment[] | undefined;
  /** What can be done with a deployment. */
  readonly actions: (deployment: Deployment) => ReactNode;
}

export function DeploymentsTable({ name, deployments, actions }: DeploymentsTableProps) {
  const { t } = useTranslation();
  const columns = useMemo(
    () => [...columnsOf(t), { id: 'actions', label: t('actions.title'), cell: actions }],
    [t, actions],
  );
  return (
    <DataTable
      label={t('deployments.label', { name })}
      columns={columns}
      rows={deployments}
      rowKey={({ cluster, workload }) =>
        `${cluster}/${workload.namespace ?? ''}/${workload.kind}/${workload.name}`
      }
      details={{
        label: ({ pods, workload }) =>
          t('deployments.showPods', { count: pods.length, workload: workload.name }),
        content: deployment => <DeploymentDetails deployment={deployment} />,
      }}
    />
  );
}

const columnsOf = (t: Translate): readonly Column<Deployment>[] => [
  {
    id: 'environment',
    label: t('deployments.environment'),
    cell: ({ environment }) => <span className={text['strong']}>{environment ?? '–'}</span>,
  },
  {
    id: 'place',
    label: t('deployments.place'),
    cell: ({ cluster, namespace }) => (
      <>
        {cluster}
        <Note>{namespace}</Note>
      </>
    ),
  },
  {
    id: 'workload',
    label: t('deployments.workload'),
    cell: ({ workload }) => (
      <>
        {workload.name}
        <Note>{workload.kind}</Note>
      </>
    ),
  },
  {
    id: 'version',
    label: t('deployments.version'),
    cell: deployment => <RunningVersion deployment={deployment} />,
  },
  { id: 'ready', label: t('deployments.ready'), cell: deployment => <Ready deployment={deployment} /> },
  { id: 'health', label: t('deployments.health'), cell: ({ status }) => <Health status={status} /> },
  { id: 'age', label: t('deployments.age'), cell: deployment => <Deployed deployment={deployment} /> },
];

interface Shown {
  readonly deployment: Deployment;
}

function DeploymentDetails({ deployment: { pods, workload, versionDigest } }: Shown) {
  return (
    <>
      <PodsTable workload={workload.name} pods={pods} />
      {versionDigest === null ? null : <VersionDetails digest={versionDigest} />}
    </>
  );
}

function RunningVersion({ deployment: { version, versionDigest, runningDigests, drift } }: Shown) {
  const { t } = useTranslation();
  const digest = versionDigest ?? runningDigests[0];
  return (
    <>
      <span className={text['line']}>
        <span className={version === null ? undefined : text['strong']}>
          {version ?? t('deployments.unknownVersion')}
        </span>
        {drift ? (
          <Chip tone="warning" title={t('deployments.driftHint')}>
            {t('deployments.drift')}
          </Chip>
        ) : null}
      </span>
      {digest === undefined ? null : (
        <div>
          <DigestText digest={digest} />
        </div>
      )}
    </>
  );
}

function Ready({ deployment: { replicas } }: Shown) {
  const { t } = useTranslation();
  const { ready, desired } = replicas;
  return (
    <>
      <span className={text['nowrap']}>
        {ready} / {desired}
      </span>
      <Meter
        label={t('deployments.ready')}
        text={t('deployments.readyText', { ready: String(ready), desired: String(desired) })}
        ratio={desired === 0 ? 0 : ready / desired}
      />
    </>
  );
}

function Deployed({ deployment: { deployedAt, actor, runUrl } }: Shown) {
  const { t } = useTranslation();
  const run = webAddress(runUrl);
  return (
    <>
      {deployedAt === null ? (
        '–'
      ) : (
        <span className={text['nowrap']}>
          <Age since={deployedAt} />
        </span>
      )}
      {actor === null ? null : <Note>{t('deployments.by', { actor })}</Note>}
      {run === undefined ? null : (
        <Note>
          <Link href={run.href} target="_blank" rel="noopener" variant="body-small">
            {t('deployments.run')}
          </Link>
        </Note>
      )}
    </>
  );
}
