import { Skeleton } from '@backstage/ui';
import { type ReactNode } from 'react';
import classes from './fleet.module.css';

export interface FigureProps {
  readonly label: string;
  /** Not known yet shows a skeleton. */
  readonly figure: ReactNode;
  readonly children?: ReactNode;
}

/** One figure of the fleet with what it is made of; its room is the same before it is known. */
export function Figure({ label, figure, children }: FigureProps) {
  return (
    <div className={classes['cell']}>
      <h3 className={classes['label']}>{label}</h3>
      <div className={classes['figure']}>{figure ?? <Skeleton width={112} height={20} />}</div>
      <div className={classes['notes']}>
        {figure === undefined ? <Skeleton width={160} height={12} /> : children}
      </div>
    </div>
  );
}
