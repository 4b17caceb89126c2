import { useEntity } from '@backstage/plugin-catalog-react';
import { useModel } from '../../hooks/questions';
import { useRefresh } from '../../hooks/use-refresh';
import { TabFrame } from '../ui/TabFrame';
import { CallPanel } from '../call/CallPanel';
import { AllocationGlance, ReuseGlance } from './FormulaGlances';
import classes from './overview.module.css';
import { NewestGlance, RunningGlance } from './ModelGlances';
import { ProblemBanner } from '../ui/ProblemBanner';
import { PlacesPanel } from './PlacesPanel';

/** The model on one screen: what is newest, where it runs, what it takes, how to call it. */
export function OverviewTab() {
  const { entity } = useEntity();
  const model = useModel(entity);
  const onRefresh = useRefresh(entity, model.refresh);
  const { metadata } = entity;
  const summary = model.value?.model;
  return (
    <TabFrame
      asked={model}
      onRefresh={onRefresh}
      summary={<bdi dir="ltr">{summary?.repositories.join(', ')}</bdi>}
    >
      <ProblemBanner problems={summary?.problems} />
      <div className={classes['glances']}>
        <NewestGlance model={summary} />
        <RunningGlance model={summary} name={metadata.name} />
        <AllocationGlance model={summary} />
        <ReuseGlance model={summary} />
      </div>
      {summary?.deployments.length === 0 ? null : (
        <PlacesPanel name={metadata.name} deployments={summary?.deployments} />
      )}
      {summary === undefined || summary.newest === null ? null : (
        <CallPanel name={metadata.name} newest={summary.newest} deployments={summary.deployments} />
      )}
    </TabFrame>
  );
}
