import { useCallback } from 'react';
import { useModelList } from '../../hooks/use-model-list';
import { useFleetAllocation, useFleetReuse } from '../../hooks/questions';
import { useFleetView } from '../../hooks/use-fleet-view';
import { EmptyState } from '../ui/EmptyState';
import { FailureAlert } from '../ui/FailureAlert';
import { useTranslation } from '../use-translation';
import classes from './fleet.module.css';
import { FleetFilters } from './FleetFilters';
import { FleetTable } from './FleetTable';
import { FleetTotals } from './FleetTotals';
import { SourcesNotice } from './SourcesNotice';

/** Every model of the fleet: sums on top, filters, and a table over all rows. */
export function FleetContent() {
  const { t } = useTranslation();
  const view = useFleetView();
  const list = useModelList(view.question);
  const allocation = useFleetAllocation();
  const reuse = useFleetReuse();
  const { value, error, receivedAt, refresh } = list.asked;
  const { refresh: refreshAllocation } = allocation;
  const { refresh: refreshReuse } = reuse;
  const onRefresh = useCallback(() => {
    refresh();
    refreshAllocation();
    refreshReuse();
  }, [refresh, refreshAllocation, refreshReuse]);
  const isFiltered = Object.entries(view.question).some(
    ([name, wanted]) => name !== 'sort' && wanted !== undefined,
  );
  const isEmpty = value?.total === 0 && !list.settling;
  return (
    <div className={classes['page']}>
      <FleetTotals totals={value?.totals} allocation={allocation} reuse={reuse} view={view} />
      {error === undefined ? null : <FailureAlert error={error} receivedAt={receivedAt} />}
      {value === undefined ? null : <SourcesNotice sources={value.sources} />}
      <FleetFilters asked={list.asked} view={view} onRefresh={onRefresh} />
      {isEmpty ? (
        <EmptyState
          title={t(isFiltered ? 'fleet.noneFitTitle' : 'fleet.emptyTitle')}
          hint={t(isFiltered ? 'fleet.noneFitHint' : 'fleet.emptyHint')}
        />
      ) : error !== undefined && value === undefined ? null : (
        <FleetTable list={list} view={view} />
      )}
    </div>
  );
}
