import { Skeleton } from '@backstage/ui';
import { type ReactNode } from 'react';
import classes from './DataTable.module.css';
import { DetailRow } from './DetailRow';

export interface Column<R> {
  readonly id: string;
  readonly label: string;
  /** Figures stand right, so that their digits line up. */
  readonly numeric?: boolean;
  readonly cell: (row: R) => ReactNode;
}

/** What opens below a row. */
export interface RowDetails<R> {
  readonly label: (row: R) => string;
  readonly content: (row: R) => ReactNode;
}

export interface DataTableProps<R> {
  readonly label: string;
  /** The first column names the row. */
  readonly columns: readonly Column<R>[];
  /** Not known yet shows skeleton rows. */
  readonly rows: readonly R[] | undefined;
  readonly rowKey: (row: R) => string;
  readonly details?: RowDetails<R>;
}

const SKELETON_ROWS = ['first', 'second', 'third'];
const align = (numeric: boolean | undefined) => (numeric ? classes['numeric'] : undefined);

/**
 * A plain table and not Backstage UI's grid: rows open, figures line up, and screen readers read it as the
 * table that it is. It scrolls in its own frame where the page is narrow.
 */
export function DataTable<R>({ label, columns, rows, rowKey, details }: DataTableProps<R>) {
  return (
    // What scrolls must take the keyboard's focus (WCAG 2.1.1).
    <div className={classes['scroll']} role="group" aria-label={label} tabIndex={0}>
      <table className={classes['table']} aria-label={label} aria-busy={rows === undefined}>
        <thead>
          <tr>
            {columns.map(({ id, label: name, numeric }) => (
              <th key={id} scope="col" className={align(numeric)}>
                {name}
              </th>
            ))}
            {details === undefined ? null : <td />}
          </tr>
        </thead>
        <tbody>
          {rows === undefined
            ? SKELETON_ROWS.map(key => (
                <tr key={key}>
                  {columns.map(({ id }) => (
                    <td key={id}>
                      <Skeleton height={14} />
                    </td>
                  ))}
                </tr>
              ))
            : rows.map(row => <Row key={rowKey(row)} row={row} columns={columns} details={details} />)}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps<R> {
  readonly row: R;
  readonly columns: readonly Column<R>[];
  readonly details: RowDetails<R> | undefined;
}

function Row<R>({ row, columns, details }: RowProps<R>) {
  const cells = columns.map(({ id, numeric, cell }, index) =>
    index === 0 ? (
      <th key={id} scope="row" className={align(numeric)}>
        {cell(row)}
      </th>
    ) : (
      <td key={id} className={align(numeric)}>
        {cell(row)}
      </td>
    ),
  );
  if (details === undefined) return <tr>{cells}</tr>;
  return (
    <DetailRow cells={cells} span={columns.length} label={details.label(row)}>
      {() => details.content(row)}
    </DetailRow>
  );
}
