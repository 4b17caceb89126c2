import { type ModelSortName } from '@modelpier/backstage-plugin-modelpier-common';
import { useEffect, useMemo } from 'react';
import { useFigures } from '../../hooks/use-figures';
import { type FleetView } from '../../hooks/use-fleet-view';
import { type ModelList } from '../../hooks/use-model-list';
import { useRowWindow } from '../../hooks/use-row-window';
import { useTranslation } from '../use-translation';
import { fleetColumns } from './fleet-columns';
import { FleetRow, ROW_HEIGHT_PX } from './FleetRow';
import { SortHeader } from './SortHeader';
import classes from './table.module.css';
import { useModelLink } from './use-model-link';

/** Rows that stand for those to come. */
const SKELETON_ROWS = 12;

export interface FleetTableProps {
  readonly list: ModelList;
  readonly view: FleetView;
}

/**
 * A plain table in a frame of its own that scrolls. Only the rows in sight are drawn, all of one height, so
 * that the bar tells how long the list is; screen readers are told each row's place.
 */
export function FleetTable({ list, view }: FleetTableProps) {
  const { t } = useTranslation();
  const figures = useFigures();
  const linkOf = useModelLink();
  const { question, resource, change } = view;
  const columns = useMemo(
    () => fleetColumns({ t, figures, linkOf, resource }),
    [t, figures, linkOf, resource],
  );
  const { asked, rowAt, show, settling } = list;
  const count = asked.value?.total ?? SKELETON_ROWS;
  const { frame, first, last, toTop } = useRowWindow(count, ROW_HEIGHT_PX);

  useEffect(() => show({ first, last }), [show, first, last]);
  const order = JSON.stringify(question);
  useEffect(toTop, [toTop, order]);

  const sort = (name: ModelSortName, isDescending: boolean): void =>
    change({ sort: isDescending ? `-${name}` : name });
  const tracks = columns.map(({ width }) => `minmax(0, ${width}fr)`).join(' ');
  /** Rows that are not drawn leave their room. */
  const below = Math.max(0, count - 1 - last);
  const places = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
  return (
    <div className={classes['frame']} ref={frame} role="group" aria-label={t('fleet.label')} tabIndex={0}>
      <table
        // Rows are laid out one by one, and so are no rows of a table to the browser: their roles say it.
        role="table"
        className={settling ? `${classes['table']} ${classes['settling']}` : classes['table']}
        aria-label={t('fleet.label')}
        aria-rowcount={asked.value === undefined ? -1 : count + 1}
        aria-busy={settling || asked.value === undefined}
      >
        <thead role="rowgroup">
          <tr
            role="row"
            aria-rowindex={1}
            className={classes['head']}
            style={{ gridTemplateColumns: tracks }}
          >
            {columns.map(column => (
              <SortHeader key={column.id} column={column} sort={question.sort ?? 'name'} onSort={sort} />
            ))}
          </tr>
        </thead>
        <tbody
          role="rowgroup"
          style={{ paddingBlock: `${first * ROW_HEIGHT_PX}px ${below * ROW_HEIGHT_PX}px` }}
        >
          {places.map(place => (
            <FleetRow key={place} place={place} model={rowAt(place)} columns={columns} tracks={tracks} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
