import { useEntity } from '@backstage/plugin-catalog-react';
import { type Deployment } from '@modelpier/backstage-plugin-modelpier-common';
import { useDeployments } from '../../hooks/questions';
import { useRefresh } from '../../hooks/use-refresh';
import { EmptyState } from '../ui/EmptyState';
import { Panel } from '../ui/Panel';
import { TabFrame } from '../ui/TabFrame';
import { type Translate, useTranslation } from '../use-translation';
import { DeploymentsTable } from './DeploymentsTable';

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

/** Where the model runs, which version, and how it stands. */
export function DeploymentsTab() {
  const { t } = useTranslation();
  const { entity } = useEntity();
  const deployments = useDeployments(entity);
  const onRefresh = useRefresh(entity, deployments.refresh);
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
    </TabFrame>
  );
}
