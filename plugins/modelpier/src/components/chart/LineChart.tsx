import classes from './LineChart.module.css';
import { type Sample, runsOf } from './runs';
import { type Scale } from './scale';
import { type TimeBounds, type TimeTick } from './time-ticks';

/** `level`: holds over its span; `line`: a mean within it; `bound`: a level that is only a yardstick. */
export type SeriesShape = 'level' | 'line' | 'bound';

export interface Series {
  readonly id: string;
  readonly shape: SeriesShape;
  readonly samples: readonly Sample[];
}

export interface Band {
  readonly low: readonly Sample[];
  readonly high: readonly Sample[];
}

/** Something that happened at a moment. */
export interface Mark {
  readonly id: string;
  readonly at: number;
  readonly tone: 'plain' | 'bad';
  readonly text: string;
}

export interface LineChartProps {
  /** All that the drawing says, for who does not see it. */
  readonly text: string;
  readonly bounds: TimeBounds;
  readonly spanMs: number;
  readonly scale: Scale;
  readonly tickText: (value: number) => string;
  readonly times: readonly TimeTick[];
  readonly series: readonly Series[];
  readonly band?: Band | undefined;
  readonly marks: readonly Mark[];
}

const WIDTH = 1000;
const HEIGHT = 100;

/**
 * Lines over time. The drawing stretches to the room there is and its words are HTML beside it, so nothing is
 * measured and nothing moves once it stands. Time runs from left to right in every script.
 */
export function LineChart(props: LineChartProps) {
  const { text, bounds, scale, tickText, times } = props;
  const share = (at: number) => (at - bounds.from) / (bounds.until - bounds.from);
  return (
    <div className={classes['chart']} dir="ltr">
      <div className={classes['values']} aria-hidden>
        {scale.ticks.map(tick => (
          <span key={tick} style={{ bottom: `${(tick / scale.top) * 100}%` }}>
            {tickText(tick)}
          </span>
        ))}
      </div>
      <svg
        role="img"
        aria-label={text}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className={classes['plot']}
      >
        <Drawing {...props} />
      </svg>
      <div className={classes['times']} aria-hidden>
        {times.map(({ at, text: told }) => (
          <span key={at} style={{ left: `${share(at) * 100}%` }}>
            {told}
          </span>
        ))}
      </div>
    </div>
  );
}

function Drawing({ bounds, spanMs, scale, times, series, band, marks }: LineChartProps) {
  const x = (at: number) => round(((at - bounds.from) / (bounds.until - bounds.from)) * WIDTH);
  const y = (value: number) => round(HEIGHT - (Math.min(value, scale.top) / scale.top) * HEIGHT);
  const draw = createPen({ x, y, spanMs });
  return (
    <>
      {scale.ticks.map(tick => (
        <path key={tick} className={classes['grid']} d={`M0 ${y(tick)}H${WIDTH}`} />
      ))}
      {times.map(({ at }) => (
        <path key={at} className={classes['grid']} d={`M${x(at)} 0V${HEIGHT}`} />
      ))}
      {marks.map(({ id, at, tone, text }) => (
        <path key={id} className={classes[`mark-${tone}`]} d={`M${x(at)} 0V${HEIGHT}`}>
          <title>{text}</title>
        </path>
      ))}
      {band === undefined ? null : <path className={classes['band']} d={draw.band(band)} />}
      {series.map(({ id, shape, samples }) => (
        <path key={id} className={classes[shape]} d={draw[shape === 'line' ? 'line' : 'level'](samples)} />
      ))}
    </>
  );
}

const round = (value: number): number => Math.round(value * 100) / 100;

interface Pen {
  readonly x: (at: number) => number;
  readonly y: (value: number) => number;
  readonly spanMs: number;
}

function createPen({ x, y, spanMs }: Pen) {
  const middle = (at: number) => x(at + spanMs / 2);
  return {
    /** A run of one span is a dot: a round cap without length. */
    line: (samples: readonly Sample[]) =>
      runsOf(samples, spanMs)
        .map(run => `M${run.map(({ at, value }) => `${middle(at)} ${y(value)}`).join('L')}h0`)
        .join(''),
    level: (samples: readonly Sample[]) =>
      runsOf(samples, spanMs)
        .map(run => `M${run.map(({ at, value }) => `${x(at)} ${y(value)}H${x(at + spanMs)}`).join('L')}`)
        .join(''),
    band: ({ low, high }: Band) => {
      const lows = new Map(low.map(({ at, value }) => [at, value]));
      return runsOf(high, spanMs)
        .map(run => {
          const edge = run.map(({ at, value }) => `${x(at)} ${y(value)}H${x(at + spanMs)}`);
          const back = run.toReversed().map(({ at }) => `${x(at + spanMs)} ${y(lows.get(at) ?? 0)}H${x(at)}`);
          return `M${[...edge, ...back].join('L')}Z`;
        })
        .join('');
    },
  };
}
