import classes from './Meter.module.css';

export interface MeterProps {
  readonly label: string;
  /** The reading in words, with what it is a part of. */
  readonly text: string;
  readonly ratio: number;
  /** Where the bar is full; above 1 where a share may exceed its fair part. */
  readonly max?: number;
  /** Marks the fair part. */
  readonly mark?: number;
}

const WIDTH = 100;
const HEIGHT = 6;
/** What is there must be seen. */
const SLIVER = 1;

/** A bar that shows a part of a whole; what it reads is always printed beside it too. */
export function Meter({ label, text, ratio, max = 1, mark }: MeterProps) {
  const at = (value: number) => (Math.min(Math.max(value, 0), max) / max) * WIDTH;
  return (
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      // No exponents: 4.4e-7 is not a value that assistive software reads.
      aria-valuenow={Number(Math.min(Math.max(ratio, 0), max).toFixed(4))}
      aria-valuetext={text}
      className={classes['meter']}
    >
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden
        className={classes['bar']}
      >
        <rect className={classes['rail']} width={WIDTH} height={HEIGHT} />
        <rect
          className={classes['fill']}
          width={ratio > 0 ? Math.max(at(ratio), SLIVER) : 0}
          height={HEIGHT}
        />
        {mark === undefined ? null : (
          <rect className={classes['mark']} x={Math.min(at(mark), WIDTH - 1.5)} width={1.5} height={HEIGHT} />
        )}
      </svg>
    </div>
  );
}
