import { Skeleton } from '@backstage/ui';
import { RiArrowDownSLine, RiArrowUpSLine } from '@remixicon/react';
import { type ReactNode } from 'react';
import classes from './fleet.module.css';

/** Opens what the figure is made of, elsewhere on the page. */
export interface FigureToggle {
  readonly isOpen: boolean;
  /** The id of what opens. */
  readonly controls: string;
  readonly onToggle: () => void;
}

export interface FigureProps {
  readonly label: string;
  readonly toggle?: FigureToggle | undefined;
  /** Not known yet shows a skeleton. */
  readonly figure: ReactNode;
  readonly children?: ReactNode;
}

/** One figure of the fleet with what it is made of; its room is the same before it is known. */
export function Figure({ label, toggle, figure, children }: FigureProps) {
  return (
    <div className={classes['cell']}>
      <h3 className={classes['label']}>
        {toggle === undefined ? label : <Toggle label={label} toggle={toggle} />}
      </h3>
      <div className={classes['figure']}>{figure ?? <Skeleton width={112} height={20} />}</div>
      <div className={classes['notes']}>
        {figure === undefined ? <Skeleton width={160} height={12} /> : children}
      </div>
    </div>
  );
}

function Toggle({ label, toggle }: { readonly label: string; readonly toggle: FigureToggle }) {
  const { isOpen, controls, onToggle } = toggle;
  const Arrow = isOpen ? RiArrowUpSLine : RiArrowDownSLine;
  return (
    <button
      type="button"
      className={classes['toggle']}
      aria-expanded={isOpen}
      aria-controls={controls}
      onClick={onToggle}
    >
      {label}
      <Arrow size={16} aria-hidden />
    </button>
  );
}
