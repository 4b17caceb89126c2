import classes from './AllocationBar.module.css';

export interface AllocationBarProps {
  /** All that the drawing says, for who does not see it. */
  readonly text: string;
  /** The amount at the end of the bar. */
  readonly end: number;
  /** Equal parts of the bar, and how many of them are the fair share of what is shown. */
  readonly cells?: { readonly count: number; readonly own: number } | undefined;
  readonly requested: number | null;
  readonly used: number | null;
  readonly limit?: number | null | undefined;
  /** The fair share, where the bar is not divided into it. */
  readonly mark?: number | undefined;
}

const WIDTH = 1000;
const HEIGHT = 20;
/** Finer cells would be a grey area. */
const MOST_CELLS = 60;
/** What is there must be seen. */
const SLIVER = 4;

/** An amount in equal parts, with what is requested of it and what of that is used. */
export function AllocationBar({ text, end, cells, requested, used, limit, mark }: AllocationBarProps) {
  const x = (amount: number) => (Math.min(Math.max(amount, 0), end) / end) * WIDTH;
  const width = (amount: number) => (amount > 0 ? Math.max(x(amount), SLIVER) : 0);
  return (
    <svg
      role="img"
      aria-label={text}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={classes['bar']}
    >
      <rect className={classes['rail']} width={WIDTH} height={HEIGHT} />
      {cells === undefined ? null : <Cells {...cells} />}
      {limit === null || limit === undefined ? null : (
        <rect className={classes['limit']} y={3} width={width(limit)} height={14} />
      )}
      {requested === null ? null : (
        <rect className={classes['requested']} y={5} width={width(requested)} height={10} />
      )}
      {used === null ? null : <rect className={classes['used']} y={8} width={width(used)} height={4} />}
      {mark === undefined ? null : <path className={classes['mark']} d={`M${x(mark)} 0V${HEIGHT}`} />}
    </svg>
  );
}

function Cells({ count, own }: NonNullable<AllocationBarProps['cells']>) {
  const at = (index: number) => (index / count) * WIDTH;
  const lines = count > MOST_CELLS ? [] : Array.from({ length: count - 1 }, (_, index) => at(index + 1));
  return (
    <>
      <rect className={classes['own']} width={at(Math.min(own, count))} height={HEIGHT} />
      {lines.map(line => (
        <path key={line} className={classes['cell']} d={`M${line} 0V${HEIGHT}`} />
      ))}
      <path className={classes['mark']} d={`M${at(Math.min(own, count))} 0V${HEIGHT}`} />
    </>
  );
}
