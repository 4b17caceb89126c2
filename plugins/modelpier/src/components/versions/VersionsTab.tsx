import { Button } from '@backstage/ui';
import { useEntity } from '@backstage/plugin-catalog-react';
import { useVersions } from '../../hooks/questions';
import { useRefresh } from '../../hooks/use-refresh';
import { EmptyState } from '../ui/EmptyState';
import { Panel } from '../ui/Panel';
import { TabFrame } from '../ui/TabFrame';
import { useTranslation } from '../use-translation';
import { VersionsTable } from './VersionsTable';

/** Which versions exist, what each added, and where each runs. */
export function VersionsTab() {
  const { t } = useTranslation();
  const { entity } = useEntity();
  const versions = useVersions(entity);
  const onRefresh = useRefresh(entity, versions.refresh);
  const items = versions.value?.items;
  const repositories = [...new Set(items?.map(({ repository }) => repository))].join(', ');
  const summary =
    versions.value === undefined || items?.length === 0
      ? null
      : t('versions.summary', { count: versions.value.total, repositories });
  return (
    <TabFrame asked={versions} onRefresh={onRefresh} summary={summary}>
      {items?.length === 0 ? (
        <EmptyState title={t('versions.emptyTitle')} hint={t('versions.emptyHint')} />
      ) : (
        <Panel title={t('tab.versions')} titleHidden flush>
          <VersionsTable name={entity.metadata.title ?? entity.metadata.name} versions={items} />
        </Panel>
      )}
      {versions.value === undefined || versions.value.nextCursor === null ? null : (
        <div>
          <Button variant="secondary" isPending={versions.refreshing} onPress={versions.more}>
            {t('versions.older')}
          </Button>
        </div>
      )}
    </TabFrame>
  );
}
