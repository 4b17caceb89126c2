import { useEntity } from '@backstage/plugin-catalog-react';
import { useReuse } from '../../hooks/questions';
import { useRefresh } from '../../hooks/use-refresh';
import { EmptyState } from '../ui/EmptyState';
import { Panel } from '../ui/Panel';
import { TabFrame } from '../ui/TabFrame';
import { useTranslation } from '../use-translation';
import { Formula } from './Formula';
import { LayerTable } from './LayerTable';
import { ReleasePanel } from './ReleasePanel';
import classes from './reuse.module.css';

/** How many bytes the newest release shares, and what sharing saves over all versions. */
export function ReuseTab() {
  const { t } = useTranslation();
  const { entity } = useEntity();
  const reuse = useReuse(entity);
  const onRefresh = useRefresh(entity, reuse.refresh);
  const { releases, fleet } = reuse.value ?? {};
  return (
    <TabFrame asked={reuse} onRefresh={onRefresh} summary={t('reuse.summary')}>
      {releases === undefined ? (
        <Panel title={t('tab.reuse')} titleHidden flush>
          <LayerTable version={entity.metadata.name} layers={undefined} totalBytes={0} />
        </Panel>
      ) : null}
      {releases?.length === 0 ? (
        <EmptyState title={t('reuse.emptyTitle')} hint={t('reuse.emptyHint')} />
      ) : null}
      {releases?.map(release => (
        <ReleasePanel key={`${release.repository}@${release.digest}/${release.platform}`} release={release} />
      ))}
      {fleet === undefined || releases?.length === 0 ? null : (
        <Panel title={t('reuse.fleet')}>
          <div className={classes['formula']}>
            <p className={classes['note']}>{t('reuse.fleetNote')}</p>
            <Formula reuse={fleet} />
          </div>
        </Panel>
      )}
    </TabFrame>
  );
}
