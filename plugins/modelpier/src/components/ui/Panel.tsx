import { Card, CardBody, CardHeader, Text, VisuallyHidden } from '@backstage/ui';
import { type ReactNode, useId } from 'react';
import classes from './Panel.module.css';

export interface PanelProps {
  readonly title: string;
  /** Leaves the title to screen readers, where the tab says the same. */
  readonly titleHidden?: boolean;
  /** A short fact at the end of the title's line. */
  readonly aside?: ReactNode;
  /** Lets a table touch the edges. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}

/** A titled part of a tab, and a landmark for screen readers. */
export function Panel({ title, titleHidden = false, aside, flush = false, children }: PanelProps) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <Card className={classes['panel']}>
        {titleHidden ? (
          <VisuallyHidden>
            <h3 id={id}>{title}</h3>
          </VisuallyHidden>
        ) : (
          <CardHeader className={classes['header']}>
            <Text as="h3" id={id} variant="body-large" weight="bold">
              {title}
            </Text>
            {aside === undefined ? null : <div className={classes['aside']}>{aside}</div>}
          </CardHeader>
        )}
        <CardBody className={flush ? classes['flush'] : classes['body']}>{children}</CardBody>
      </Card>
    </section>
  );
}
