import { type ModelSummary } from '@modelpier/backstage-plugin-modelpier-common';
import { memo } from 'react';
import { type FleetColumn } from './fleet-columns';
import classes from './table.module.css';

/** Two lines and their room; `table.module.css` holds each row to it. */
export const ROW_HEIGHT_PX = 48;

export interface FleetRowProps {
  /** In the list, from 0. */
  readonly place: number;
  /** Not read yet shows a skeleton. */
  readonly model: ModelSummary | undefined;
  readonly columns: readonly FleetColumn[];
  /** Of the columns, in CSS. */
  readonly tracks: string;
}

/** Drawn anew only where its model has changed: a wheel turns through many of them. */
export const FleetRow = memo(function FleetRow({ place, model, columns, tracks }: FleetRowProps) {
  return (
    // The head is the first row of the table, and rows count from 1.
    <tr
      role="row"
      aria-rowindex={place + 2}
      className={classes['row']}
      style={{ gridTemplateColumns: tracks }}
    >
      {columns.map(({ id, numeric, cell }, index) => {
        const Cell = index === 0 ? 'th' : 'td';
        return (
          <Cell
            key={id}
            scope={index === 0 ? 'row' : undefined}
            role={index === 0 ? 'rowheader' : 'cell'}
            className={numeric ? classes['numeric'] : undefined}
          >
            {model === undefined ? <span className={classes['bone']} /> : cell(model)}
          </Cell>
        );
      })}
    </tr>
  );
});
