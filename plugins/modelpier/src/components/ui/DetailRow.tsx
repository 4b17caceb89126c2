import { RiArrowDownSLine, RiArrowRightSLine } from '@remixicon/react';
import { type ReactNode, useId, useState } from 'react';
import classes from './DataTable.module.css';
import toggle from './DetailRow.module.css';

export interface DetailRowProps {
  readonly cells: readonly ReactNode[];
  readonly span: number;
  /** Names the button that opens the details. */
  readonly label: string;
  readonly children: () => ReactNode;
}

/** A row whose last cell opens details below it; they stay open while the rows are refreshed. */
export function DetailRow({ cells, span, label, children }: DetailRowProps) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const Icon = open ? RiArrowDownSLine : RiArrowRightSLine;
  return (
    <>
      <tr>
        {cells}
        <td className={toggle['cell']}>
          <button
            type="button"
            className={toggle['button']}
            aria-expanded={open}
            aria-controls={id}
            aria-label={label}
            onClick={() => setOpen(!open)}
          >
            <Icon size={18} aria-hidden />
          </button>
        </td>
      </tr>
      <tr id={id} className={classes['detail']} hidden={!open}>
        <td colSpan={span + 1}>{open ? children() : null}</td>
      </tr>
    </>
  );
}
