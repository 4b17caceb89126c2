import { type Entity } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import { type Deployment } from '@modelpier/backstage-plugin-modelpier-common';
import { useCallback } from 'react';
import { useDeployments, useModel, useReleases } from '../../hooks/questions';
import { type Asked } from '../../hooks/use-polled';
import { useRefresh } from '../../hooks/use-refresh';
import { useStarted } from '../../hooks/use-started';
import { useUnderWay } from '../../hooks/use-under-way';
import { ActionArea } from '../actions/ActionArea';
import { EmptyAnswer } from '../ui/EmptyAnswer';
import { Panel } from '../ui/Panel';
import { TabFrame } from '../ui/TabFrame';
import { type Translate, useTranslation } from '../use-translation';
import { DeploymentActions } from './DeploymentActions';
import { DeploymentsTable } from './DeploymentsTable';
import { ReleasesPanel } from './ReleasesPanel';

type Refreshed = Pick<Asked<unknown>, 'refresh'>;

function summaryOf(items: readonly Deployment[] | undefined, t: Translate): string | null {
  if (items === undefined || items.length === 0) return null;
  const sum = (pick: (deployment: Deployment) => number) =>
    items.reduce((total, deployment) => total + pick(deployment), 0);
  return t('deployments.summary', {
    count: items.length,
    ready: String(sum(({ replicas }) => replicas.ready)),
    desired: String(sum(({ replicas }) => replicas.desired)),
  });
}

function useReadAgain({ refresh: first }: Refreshed, { refresh: second }: Refreshed): () => void {
  return useCallback(() => {
    first();
    second();
  }, [first, second]);
}

interface Shown {
  readonly deployments: readonly Deployment[] | undefined;
  readonly releases: ReturnType<typeof useReleases>;
}

/** What can be done with each deployment, and why not. */
function useActions(entity: Entity, { deployments = NONE, releases }: Shown) {
  const model = useModel(entity);
  const ways = model.value?.ways;
  const isLoading = model.loading || releases.loading;
  const items = releases.value?.items ?? NONE;
  const underWay = useUnderWay(useStarted(entity).all, items);
  return useCallback(
    (deployment: Deployment) => (
      <DeploymentActions
        deployment={deployment}
        situation={{ ways, isLoading, deployments, releases: items }}
        underWay={underWay}
      />
    ),
    [ways, isLoading, deployments, items, underWay],
  );
}

const NONE: readonly never[] = [];

/** Where the model runs, which version, how it stands, and how it came there. */
export function DeploymentsTab() {
  const { t } = useTranslation();
  const { entity } = useEntity();
  const deployments = useDeployments(entity);
  const releases = useReleases(entity);
  const readAgain = useReadAgain(deployments, releases);
  const onRefresh = useRefresh(entity, readAgain);
  const items = deployments.value?.items;
  const actions = useActions(entity, { deployments: items, releases });
  const { name, title = name } = entity.metadata;
  return (
    <TabFrame asked={deployments} onRefresh={onRefresh} summary={summaryOf(items, t)}>
      <ActionArea onProgress={readAgain} />
      {items?.length === 0 ? (
        <EmptyAnswer
          answer={deployments.value}
          of="cluster"
          title={t('deployments.emptyTitle')}
          hint={t('deployments.emptyHint', { name })}
        />
      ) : (
        <Panel title={t('tab.deployments')} titleHidden flush>
          <DeploymentsTable name={title} deployments={items} actions={actions} />
        </Panel>
      )}
      <ReleasesPanel name={title} releases={releases} />
    </TabFrame>
  );
}
