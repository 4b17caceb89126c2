import { Text } from '@backstage/ui';
import classes from './EmptyState.module.css';

export interface EmptyStateProps {
  readonly title: string;
  /** What the reader can do about it. */
  readonly hint: string;
}

/** Nothing to show, and what to do about it. */
export function EmptyState({ title, hint }: EmptyStateProps) {
  return (
    <div className={classes['empty']}>
      <Text as="h3" variant="body-large" weight="bold">
        {title}
      </Text>
      <Text as="p" variant="body-medium" className={classes['hint']}>
        {hint}
      </Text>
    </div>
  );
}
