import { type ModelSort, type ModelSortName } from '@modelpier/backstage-plugin-modelpier-common';
import { RiArrowDownLine, RiArrowUpLine } from '@remixicon/react';
import { type FleetColumn } from './fleet-columns';
import classes from './table.module.css';

export interface SortHeaderProps {
  readonly column: FleetColumn;
  readonly sort: ModelSort;
  readonly onSort: (name: ModelSortName, isDescending: boolean) => void;
}

/** The head of a column: a button that sorts all rows by it, figures from the largest. */
export function SortHeader({ column, sort, onSort }: SortHeaderProps) {
  const { label, hint, numeric, sortName } = column;
  const isDescending = sort.startsWith('-');
  const isSorted = sort.replace('-', '') === sortName;
  const Arrow = isDescending ? RiArrowDownLine : RiArrowUpLine;
  const order = isDescending ? 'descending' : 'ascending';
  return (
    <th
      scope="col"
      role="columnheader"
      aria-sort={isSorted ? order : undefined}
      className={numeric ? classes['numeric'] : undefined}
    >
      <button
        type="button"
        className={isSorted ? `${classes['sort']} ${classes['sorted']}` : classes['sort']}
        title={hint}
        onClick={() => onSort(sortName, isSorted ? !isDescending : column.largestFirst)}
      >
        <span className={classes['word']}>{label}</span>
        <span className={classes['arrow']}>{isSorted ? <Arrow size={14} aria-hidden /> : null}</span>
      </button>
    </th>
  );
}
