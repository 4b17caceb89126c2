import {
  formatAmount,
  formatBytes,
  formatDuration,
  formatPercent,
  formatTimes,
  resourceName,
} from '@modelpier/backstage-plugin-modelpier-common';
import { numberFormat, timeFormat } from './formats';

/** Figures as the action and the backend write them, with the signs and words of the reader's language. */
export interface Figures {
  /** The tag of the language (BCP 47), for what only `Intl` can write. */
  readonly language: string;
  readonly bytes: (bytes: number | null) => string;
  readonly percent: (ratio: number | null) => string;
  readonly times: (ratio: number | null) => string;
  readonly duration: (ms: number | null) => string;
  /** An amount of a resource as the wire has it. */
  readonly amount: (resource: string, quantity: string | null) => string;
  readonly count: (count: number) => string;
  /** A measured number, such as an accuracy: four digits tell versions apart. */
  readonly metric: (value: number) => string;
  readonly change: (value: number) => string;
  readonly resource: (resource: string) => string;
  /** Day and time of an instant (RFC 3339). */
  readonly instant: (at: string) => string;
  readonly day: (at: string) => string;
}

export interface FigureWords {
  readonly language: string;
  readonly notKnown: string;
  readonly memory: string;
  /** In a page from right to left, figures keep their own direction: "0.98 CPU" and never "CPU 0.98". */
  readonly isIsolated?: boolean;
  /** Of devices that are had only whole. */
  readonly whole: (count: string) => string;
}

const NUMBER = /-?\d[\d,]*(?:\.\d+)?/g;
const WHOLE = / \((.+) whole\)$/;
const METRIC = { maximumSignificantDigits: 4 } as const;

/** Unicode's LEFT-TO-RIGHT ISOLATE and its end. */
const isolate = (written: string): string => `\u2066${written}\u2069`;

export function createFigures(words: FigureWords): Figures {
  const { language, notKnown, memory, whole, isIsolated = false } = words;
  const place = isIsolated ? isolate : (written: string) => written;
  const count = (value: number) => numberFormat(language).format(value);
  const localize = (written: string) => written.replace(NUMBER, number => rewrite(number, language));
  const known =
    <T>(format: (value: T) => string) =>
    (value: T | null) =>
      value === null ? notKnown : place(localize(format(value)));
  const moment = (at: string, options: Intl.DateTimeFormatOptions) => {
    const time = Date.parse(at);
    // Times of workloads are anybody's text.
    return Number.isNaN(time) ? notKnown : timeFormat(language, options).format(time);
  };
  return {
    language,
    bytes: known(formatBytes),
    percent: known(formatPercent),
    times: known(formatTimes),
    duration: known(formatDuration),
    amount: (resource, quantity) => {
      if (quantity === null) return notKnown;
      // The name of a resource is no figure: "nvidia.com/mig-1g.5gb" stays as it is.
      const [number = '', ...rest] = formatAmount(resource, quantity).split(' ');
      return place(
        [localize(number), ...rest].join(' ').replace(WHOLE, (_, devices: string) => ` (${whole(devices)})`),
      );
    },
    count,
    metric: value => numberFormat(language, METRIC).format(value),
    change: value => numberFormat(language, { ...METRIC, signDisplay: 'exceptZero' }).format(value),
    resource: resource => (resource === 'memory' ? memory : resourceName(resource)),
    instant: at => moment(at, { dateStyle: 'medium', timeStyle: 'short' }),
    day: at => moment(at, { dateStyle: 'medium' }),
  };
}

/** The same digits with other signs: "1,234.50" is "1.234,50" in German. */
function rewrite(number: string, language: string): string {
  const decimals = number.split('.')[1]?.length ?? 0;
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return numberFormat(language, digits).format(Number(number.replaceAll(',', '')));
}
