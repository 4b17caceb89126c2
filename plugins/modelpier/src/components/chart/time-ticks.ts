import { type HistoryRange } from '@modelpier/backstage-plugin-modelpier-common';

interface Rhythm {
  readonly label: Intl.DateTimeFormatOptions;
  /** The first tick at or after a time may lie before it; it is then passed over. */
  readonly begin: (time: Date) => void;
  readonly next: (time: Date) => void;
}

const atMidnight = (time: Date): void => {
  time.setHours(0, 0, 0, 0);
};
const atFirstOfMonth = (time: Date): void => {
  atMidnight(time);
  time.setDate(1);
};
const days = (count: number) => (time: Date) => {
  time.setDate(time.getDate() + count);
};
const months = (count: number) => (time: Date) => {
  time.setMonth(time.getMonth() + count);
};

/** Where the reader's clock and calendar have their marks. */
const RHYTHMS: Readonly<Record<HistoryRange, Rhythm>> = {
  day: {
    label: { hour: '2-digit', minute: '2-digit' },
    begin: atMidnight,
    next: time => {
      time.setHours(time.getHours() + 6);
    },
  },
  week: { label: { weekday: 'short', day: 'numeric' }, begin: atMidnight, next: days(1) },
  month: { label: { day: 'numeric', month: 'short' }, begin: atMidnight, next: days(7) },
  quarter: { label: { month: 'short' }, begin: atFirstOfMonth, next: months(1) },
  year: { label: { month: 'short', year: '2-digit' }, begin: atFirstOfMonth, next: months(2) },
};

export interface TimeTick {
  readonly at: number;
  readonly text: string;
}

export interface TimeBounds {
  readonly from: number;
  readonly until: number;
}

export function timeTicks(
  range: HistoryRange,
  { from, until }: TimeBounds,
  language: string,
): readonly TimeTick[] {
  const { label, begin, next } = RHYTHMS[range];
  const format = new Intl.DateTimeFormat(language, label);
  const ticks: TimeTick[] = [];
  const time = new Date(from);
  begin(time);
  while (time.getTime() < until) {
    if (time.getTime() >= from) ticks.push({ at: time.getTime(), text: format.format(time) });
    next(time);
  }
  return ticks;
}
