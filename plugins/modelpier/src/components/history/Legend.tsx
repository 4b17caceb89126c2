import { type SeriesShape } from '../chart/LineChart';
import classes from './Legend.module.css';

export interface LegendEntry {
  readonly shape: SeriesShape | 'band';
  readonly label: string;
  /** As it is now. */
  readonly value: string;
}

/** What each line is, and where it stands now; shapes differ, so that colour is never all there is. */
export function Legend({ entries }: { readonly entries: readonly LegendEntry[] }) {
  return (
    <dl className={classes['legend']}>
      {entries.map(({ shape, label, value }) => (
        <div key={shape} className={classes['entry']}>
          <dt>
            <span className={[classes['swatch'], classes[shape]].join(' ')} />
            {label}
          </dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
