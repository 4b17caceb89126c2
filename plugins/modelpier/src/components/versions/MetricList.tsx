import { useFigures } from '../../hooks/use-figures';
import classes from './MetricList.module.css';

export function MetricList({ metrics }: { readonly metrics: Readonly<Record<string, number>> }) {
  const figures = useFigures();
  const entries = Object.entries(metrics);
  if (entries.length === 0) return <>–</>;
  return (
    <dl className={classes['metrics']}>
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{figures.metric(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
