import { SearchField } from '@backstage/ui';
import { type ModelSort, type ModelsPage, type Source } from '@modelpier/backstage-plugin-modelpier-common';
import { memo, useEffect, useRef, useState } from 'react';
import { type FleetView, VIEWED_RESOURCES, type ViewedResource } from '../../hooks/use-fleet-view';
import { type Asked } from '../../hooks/use-polled';
import { Choice } from '../ui/Choice';
import { Freshness } from '../ui/Freshness';
import { useTranslation } from '../use-translation';
import { ExportButton } from './ExportButton';
import classes from './fleet.module.css';
import { FilterSelect } from './FilterSelect';
import { nameOf } from './fleet-cells';

export interface FleetFiltersProps {
  readonly asked: Asked<ModelsPage>;
  readonly view: FleetView;
  readonly onRefresh: () => void;
}

/** What narrows the list, which resource it shows, and how fresh it is. */
export const FleetFilters = memo(function FleetFilters({ asked, view, onRefresh }: FleetFiltersProps) {
  const { t } = useTranslation();
  const { question, resource, change } = view;
  const { value } = asked;
  const { owners = [], environments = [] } = value?.choices ?? {};
  return (
    <div className={classes['filters']}>
      <FilterText view={view} />
      <FilterSelect
        label={t('fleet.owner')}
        any={t('fleet.anyOwner')}
        values={owners}
        nameOf={nameOf}
        chosen={question.owner}
        onChoose={owner => change({ owner })}
      />
      <FilterSelect
        label={t('fleet.cluster')}
        any={t('fleet.anyCluster')}
        values={clustersOf(value?.sources)}
        chosen={question.cluster}
        onChoose={cluster => change({ cluster })}
      />
      <FilterSelect
        label={t('fleet.environment')}
        any={t('fleet.anyEnvironment')}
        values={environments}
        chosen={question.environment}
        onChoose={environment => change({ environment })}
      />
      <Choice
        label={t('fleet.resource')}
        options={VIEWED_RESOURCES.map(id => ({ id, label: t(`fleet.resources.${id}`) }))}
        chosen={resource}
        onChoose={chosen => change({ resource: chosen, sort: sortIn(question.sort, resource, chosen) })}
      />
      <div className={classes['end']}>
        <ExportButton question={question} />
        <Freshness asked={asked} onRefresh={onRefresh} />
      </div>
    </div>
  );
});

const clustersOf = (sources: readonly Source[] = []): readonly string[] =>
  sources.filter(({ kind }) => kind === 'cluster').map(({ name }) => name);

/** A list that is sorted by a resource stays so by the one that is shown instead. */
const sortIn = (
  sort: ModelSort | undefined,
  from: ViewedResource,
  to: ViewedResource,
): ModelSort | undefined =>
  sort?.replace(new RegExp(`^(-?)${from}(?=$|Share$)`), `$1${to}`) as ModelSort | undefined;

/** Long enough that a word is asked for once, and not letter by letter. */
const TYPING_MS = 250;

function FilterText({ view: { question, change } }: Pick<FleetFiltersProps, 'view'>) {
  const { t } = useTranslation();
  const { filter = '' } = question;
  const [typed, setTyped] = useState(filter);
  const asked = useRef(filter);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => {
    // The address may change by itself; what it only repeats must not take back what was typed since.
    if (filter === asked.current) return;
    asked.current = filter;
    setTyped(filter);
  }, [filter]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const onChange = (text: string): void => {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      asked.current = text.trim();
      change({ filter: asked.current });
    }, TYPING_MS);
  };
  return (
    <SearchField
      className={classes['search']}
      size="small"
      aria-label={t('fleet.search')}
      placeholder={t('fleet.search')}
      maxLength={100}
      value={typed}
      onChange={onChange}
    />
  );
}
