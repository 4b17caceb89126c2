import { useEntity } from '@backstage/plugin-catalog-react';
import { type Deployment } from '@modelpier/backstage-plugin-modelpier-common';
import { useCallback } from 'react';
import { useDeployments, useReleases } from '../../hooks/questions';
import { type Asked } from '../../hooks/use-polled';
import { useRefresh } from '../../hooks/use-refresh';
import { EmptyState } from '../ui/EmptyState';
import { Panel } from '../ui/Panel';
import { TabFrame } from '../ui/TabFrame';
import { type Translate, useTranslation } from '../use-translation';
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

/** Where the model runs, which version, how it stands, and how it came there. */
export function DeploymentsTab() {
  const { t } = useTranslation();
  const { entity } = useEntity();
  const deployments = useDeployments(entity);
  const releases = useReleases(entity);
  const readAgain = useReadAgain(deployments, releases);
  const onRefresh = useRefresh(entity, readAgain);
  const items = deployments.value?.items;
  const { name, title = name } = entity.metadata;
  return (
    <TabFrame asked={deployments} onRefresh={onRefresh} summary={summaryOf(items, t)}>
      {items?.length === 0 ? (
        <EmptyState title={t('deployments.emptyTitle')} hint={t('deployments.emptyHint', { name })} />
      ) : (
        <Panel title={t('tab.deployments')} titleHidden flush>
          <DeploymentsTable name={title} deployments={items} />
        </Panel>
      )}
      <ReleasesPanel name={title} releases={releases} />
    </TabFrame>
  );
}
