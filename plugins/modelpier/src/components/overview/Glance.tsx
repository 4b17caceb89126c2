import { Card, CardBody, Skeleton } from '@backstage/ui';
import { type ReactNode, useId } from 'react';
import classes from './overview.module.css';

export interface GlanceProps {
  readonly label: string;
  /** The figure; not known yet shows a skeleton. */
  readonly figure: ReactNode;
  readonly children?: ReactNode;
}

/** One figure that says how the model stands. */
export function Glance({ label, figure, children }: GlanceProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={classes['glance']}>
      <Card className={classes['card']}>
        <CardBody className={classes['body']}>
          <h3 id={id} className={classes['label']}>
            {label}
          </h3>
          <div className={classes['figure']}>{figure ?? <Skeleton width={96} height={24} />}</div>
          <div className={classes['notes']}>{figure === undefined ? <Skeleton height={14} /> : children}</div>
        </CardBody>
      </Card>
    </section>
  );
}
