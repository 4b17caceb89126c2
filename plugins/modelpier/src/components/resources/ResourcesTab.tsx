import { useEntity } from '@backstage/plugin-catalog-react';
import { useAllocation, useHistory } from '../../hooks/questions';
import { useHistoryRange } from '../../hooks/use-history-range';
import { useRefresh } from '../../hooks/use-refresh';
import { DataTable } from '../ui/DataTable';
import { EmptyState } from '../ui/EmptyState';
import { HistoryPanel } from '../history/HistoryPanel';
import { Panel } from '../ui/Panel';
import { TabFrame } from '../ui/TabFrame';
import { useTranslation } from '../use-translation';
import { ScopePanel } from './ScopePanel';

/** What the model is allocated, against R = T / N, by cluster and node pool. */
export function ResourcesTab() {
  const { t } = useTranslation();
  const { entity } = useEntity();
  const allocation = useAllocation(entity);
  const [range, onChoose] = useHistoryRange();
  const history = useHistory(entity, range);
  const onRefresh = useRefresh(entity, () => {
    allocation.refresh();
    history.refresh();
  });
  const scopes = allocation.value?.scopes;
  return (
    <TabFrame asked={allocation} onRefresh={onRefresh} summary={t('resources.summary')}>
      {scopes === undefined ? (
        <Panel title={t('tab.resources')} titleHidden flush>
          <DataTable
            label={t('frame.loading')}
            columns={[
              { id: 'resource', label: t('resources.resource'), cell: () => null },
              { id: 'share', label: t('resources.fairShare'), cell: () => null },
              { id: 'requested', label: t('resources.requested'), cell: () => null },
            ]}
            rows={undefined}
            rowKey={String}
          />
        </Panel>
      ) : null}
      {scopes?.length === 0 ? (
        <EmptyState title={t('resources.emptyTitle')} hint={t('resources.emptyHint')} />
      ) : null}
      {scopes?.map((scope, index) => (
        <ScopePanel
          key={`${scope.cluster}/${scope.namespace ?? ''}/${scope.pool ?? ''}`}
          scope={scope}
          hasKey={index === 0}
        />
      ))}
      <HistoryPanel asked={history} range={range} onChoose={onChoose} />
    </TabFrame>
  );
}
