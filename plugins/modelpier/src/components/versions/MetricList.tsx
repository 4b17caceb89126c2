import classes from './MetricList.module.css';

/** Metrics are what training reported; four significant digits tell versions apart. */
const figures = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 4 });

export function MetricList({ metrics }: { readonly metrics: Readonly<Record<string, number>> }) {
  const entries = Object.entries(metrics);
  if (entries.length === 0) return <>–</>;
  return (
    <dl className={classes['metrics']}>
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{figures.format(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
