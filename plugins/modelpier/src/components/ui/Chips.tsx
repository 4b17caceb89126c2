import { type ReactNode } from 'react';
import classes from './text.module.css';

export interface ChipProps {
  readonly tone?: 'plain' | 'outlined' | 'new' | 'warning';
  readonly title?: string;
  readonly children: ReactNode;
}

const TONES = {
  plain: undefined,
  outlined: classes['tag'],
  new: classes['new'],
  warning: classes['warning'],
} as const;

/** A short label. */
export function Chip({ tone = 'plain', title, children }: ChipProps) {
  return (
    <span className={[classes['chip'], TONES[tone]].filter(Boolean).join(' ')} title={title}>
      {children}
    </span>
  );
}

/** Labels that wrap as a row. */
export function Chips({ children }: { readonly children: ReactNode }) {
  return <div className={classes['chips']}>{children}</div>;
}
