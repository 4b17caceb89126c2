import { RiArrowDownSLine, RiArrowRightSLine } from '@remixicon/react';
import { type ReactNode, useId, useState } from 'react';
import classes from './Opened.module.css';

export interface OpenedProps {
  readonly label: string;
  readonly children: () => ReactNode;
}

/** What is shown on demand, below the button that shows it; it stays open over a refresh. */
export function Opened({ label, children }: OpenedProps) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const Icon = open ? RiArrowDownSLine : RiArrowRightSLine;
  return (
    <div className={classes['opened']}>
      <button
        type="button"
        className={classes['button']}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <Icon size={16} aria-hidden className={open ? undefined : classes['closed']} />
        {label}
      </button>
      <div id={id} hidden={!open}>
        {open ? children() : null}
      </div>
    </div>
  );
}
