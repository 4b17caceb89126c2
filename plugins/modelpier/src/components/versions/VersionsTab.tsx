import { Button } from '@backstage/ui';
import { type Version } from '@modelpier/backstage-plugin-modelpier-common';
import { useEntity } from '@backstage/plugin-catalog-react';
import { useMemo } from 'react';
import { useVersions } from '../../hooks/questions';
import { useChosenVersions } from '../../hooks/use-chosen-versions';
import { useRefresh } from '../../hooks/use-refresh';
import { ActionArea } from '../actions/ActionArea';
import { EmptyAnswer } from '../ui/EmptyAnswer';
import { Panel } from '../ui/Panel';
import { TabFrame } from '../ui/TabFrame';
import { useTranslation } from '../use-translation';
import { type Choice } from './CompareBox';
import { Comparison } from './Comparison';
import { VersionsTable } from './VersionsTable';

/** The versions are listed newest first, so what is not listed yet is older; the older one is compared with. */
function useChoice(
  items: readonly Version[] | undefined,
  chosen: readonly string[],
  choose: (digests: readonly string[]) => void,
): Choice {
  const key = chosen.join();
  return useMemo(() => {
    const digests = key === '' ? [] : key.split(',');
    const age = (digest: string) => {
      const position = items?.findIndex(version => version.digest === digest) ?? -1;
      return position === -1 ? Number.MAX_SAFE_INTEGER : position;
    };
    const onToggle = (digest: string) =>
      choose(
        digests.includes(digest)
          ? digests.filter(other => other !== digest)
          : [...digests, digest].sort((one, other) => age(other) - age(one)),
      );
    return { chosen: digests, onToggle };
  }, [items, key, choose]);
}

/** Which versions exist, what each added, and where each runs. */
export function VersionsTab() {
  const { t } = useTranslation();
  const { entity } = useEntity();
  const versions = useVersions(entity);
  const onRefresh = useRefresh(entity, versions.refresh);
  const items = versions.value?.items;
  const { chosen, choose } = useChosenVersions();
  const choice = useChoice(items, chosen, choose);
  const repositories = [...new Set(items?.map(({ repository }) => repository))].join(', ');
  const summary =
    versions.value === undefined || items?.length === 0
      ? null
      : t('versions.summary', { count: versions.value.total, repositories });
  return (
    <TabFrame asked={versions} onRefresh={onRefresh} summary={summary}>
      <ActionArea onProgress={versions.refresh} />
      <Comparison chosen={chosen} onClose={() => choose([])} />
      {items?.length === 0 ? (
        <EmptyAnswer
          answer={versions.value}
          of="registry"
          title={t('versions.emptyTitle')}
          hint={t('versions.emptyHint')}
        />
      ) : (
        <Panel title={t('tab.versions')} titleHidden flush>
          <VersionsTable
            name={entity.metadata.title ?? entity.metadata.name}
            versions={items}
            choice={choice}
          />
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
