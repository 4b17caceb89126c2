import { type ReactNode } from 'react';
import classes from './text.module.css';

/** The quiet second line of a cell. */
export function Note({ children }: { readonly children: ReactNode }) {
  return <span className={classes['note']}>{children}</span>;
}
