import { isAccelerator } from './allocation/amount';
import { formatDecimal, NANO_PER_UNIT, parseQuantity } from './allocation/quantity';
import type { NewLayerReason } from './reuse/lint';

/**
 * Numbers as people read them: deterministic, the same in the action's log, the job summary and the
 * portal. Image bytes count in powers of 1000, as registries and disks do; memory in powers of 1024,
 * as the manifests do that it is compared with. `null` is what is not known, never 0.
 */
export const NOT_KNOWN = 'not known';

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;
const MEMORY_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** "212 MB": three digits, a kilobyte is 1000 bytes. */
export const formatBytes = (bytes: number | null): string =>
  bytes === null ? NOT_KNOWN : scaled(bytes, 1000, BYTE_UNITS);

/** "212,345,678 bytes", for the tooltip beside the rounded figure. */
export const formatExactBytes = (bytes: number | null): string =>
  bytes === null ? NOT_KNOWN : formatCount(bytes, 'byte');

/** "98.7 %". Only all is "100 %", and only nothing "0 %". */
export function formatPercent(ratio: number | null): string {
  if (ratio === null || !Number.isFinite(ratio)) return NOT_KNOWN;
  if (ratio === 0 || ratio === 1) return `${ratio * 100} %`;
  const tenths = Math.round(ratio * 1000);
  if (tenths === 0) return ratio > 0 ? '< 0.1 %' : '> -0.1 %';
  if (tenths === 1000) return ratio < 1 ? '99.9 %' : '100.1 %';
  return `${trimmed((tenths / 10).toFixed(1))} %`;
}

/** "1.53x" of a fair share. */
export const formatTimes = (ratio: number | null): string =>
  ratio === null || !Number.isFinite(ratio) ? NOT_KNOWN : `${threeDigits(ratio)}x`;

/** "1 layer", "1,234 layers"; the plural is given where it does not end in "s". */
export const formatCount = (count: number, singular: string, plural = `${singular}s`): string =>
  `${grouped(count)} ${count === 1 ? singular : plural}`;

const SECOND = { ms: 1000, name: 's' };
const MINUTE = { ms: 60 * SECOND.ms, name: 'min' };
const HOUR = { ms: 60 * MINUTE.ms, name: 'h' };
const DAY = { ms: 24 * HOUR.ms, name: 'd' };

/** "350 ms", "4.2 s", "41 s", "2 min 5 s", "1 h 3 min", "2 d 4 h": at most two units. */
export function formatDuration(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return NOT_KNOWN;
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (Math.round(ms) < SECOND.ms) return `${Math.round(ms)} ms`;
  if (Math.round(ms / 100) < 100) return `${trimmed((ms / SECOND.ms).toFixed(1))} s`;
  const seconds = roundTo(ms, SECOND);
  if (seconds < MINUTE.ms) return `${seconds / SECOND.ms} s`;
  if (seconds < HOUR.ms) return pair(seconds, MINUTE, SECOND);
  const minutes = roundTo(ms, MINUTE);
  return minutes < DAY.ms ? pair(minutes, HOUR, MINUTE) : pair(roundTo(ms, HOUR), DAY, HOUR);
}

const roundTo = (ms: number, unit: Unit): number => Math.round(ms / unit.ms) * unit.ms;

/** How long ago is told up to here, then by date. */
const TOLD_BY_AGE_MS = 30 * DAY.ms;

/** An age without a word of any language: "20 s" or "2026-08-04", and how to say it. */
export interface Age {
  readonly tense: 'unknown' | 'now' | 'past' | 'future' | 'date';
  readonly told: string;
}

export function measureAge(at: string | null, now: Date): Age {
  const then = at === null ? Number.NaN : Date.parse(at);
  if (Number.isNaN(then)) return { tense: 'unknown', told: '' };
  const ms = Math.abs(now.getTime() - then);
  if (ms < 5 * SECOND.ms) return { tense: 'now', told: '' };
  if (ms >= TOLD_BY_AGE_MS) return { tense: 'date', told: new Date(then).toISOString().slice(0, 10) };
  return { tense: then < now.getTime() ? 'past' : 'future', told: wholeUnit(ms) };
}

/** "just now", "20 s ago", "3 h ago", "in 5 min", and from 30 days on the date, "2026-08-04". */
export function formatAge(at: string | null, now: Date): string {
  const { tense, told } = measureAge(at, now);
  if (tense === 'unknown') return NOT_KNOWN;
  if (tense === 'now') return 'just now';
  if (tense === 'date') return told;
  return tense === 'past' ? `${told} ago` : `in ${told}`;
}

/** An amount of a resource as the wire has it: "0.98 CPU", "3.25 GiB", "0.25 GPU (0 whole)". */
export function formatAmount(resource: string, quantity: string | null): string {
  if (quantity === null) return NOT_KNOWN;
  const { nano } = parseQuantity(quantity);
  if (resource === 'cpu') return `${formatDecimal(nano)} CPU`;
  if (resource === 'memory' || resource.endsWith('storage')) {
    return scaled(Number(nano / NANO_PER_UNIT), 1024, MEMORY_UNITS);
  }
  const whole = nano % NANO_PER_UNIT === 0n ? '' : ` (${nano / NANO_PER_UNIT} whole)`;
  return `${formatDecimal(nano)} ${resourceName(resource)}${whole}`;
}

/** "CPU", "memory", "GPU", else the resource's own name. */
export function resourceName(resource: string): string {
  if (resource === 'cpu') return 'CPU';
  return isAccelerator(resource) && resource.endsWith('/gpu') ? 'GPU' : resource;
}

const NEW_LAYER_WORDS: Readonly<Record<NewLayerReason, string>> = {
  recompressed: 'the same content, compressed in another way',
  squashed: 'several layers were squashed into this one',
  'base-changed': 'the base image changed',
  'versioned-name': 'a file name changed with the version',
  moved: 'a file moved to another folder',
  'time-stamps': 'source-date-epoch changed, and with it every time stamp',
  'content-changed': 'the content changed',
  added: 'the files are new',
};

/** "a file name changed with the version": why a layer is new to a version. */
export const formatNewLayerReason = (reason: NewLayerReason): string => NEW_LAYER_WORDS[reason];

interface Unit {
  readonly ms: number;
  readonly name: string;
}

function pair(ms: number, large: Unit, small: Unit): string {
  const rest = (ms % large.ms) / small.ms;
  return `${Math.floor(ms / large.ms)} ${large.name}${rest === 0 ? '' : ` ${rest} ${small.name}`}`;
}

/** The largest unit alone, rounded down: an age is not told more exactly than it stays true. */
function wholeUnit(ms: number): string {
  const unit = [DAY, HOUR, MINUTE].find(({ ms: size }) => ms >= size) ?? SECOND;
  return `${Math.floor(ms / unit.ms)} ${unit.name}`;
}

/** Three digits say enough, and the next unit begins before a fourth would show ("1 MB", not "1000 kB"). */
function scaled(amount: number, base: number, units: readonly string[]): string {
  const sign = amount < 0 ? '-' : '';
  let value = Math.abs(amount);
  let unit = 0;
  while (unit < units.length - 1 && Math.round(value) >= base) {
    value /= base;
    unit += 1;
  }
  return `${sign}${unit === 0 ? grouped(value) : threeDigits(value)} ${units[unit] ?? ''}`;
}

function threeDigits(value: number): string {
  const decimals = Math.abs(value) < 9.995 ? 2 : Math.abs(value) < 99.95 ? 1 : 0;
  return trimmed(value.toFixed(decimals));
}

const trimmed = (decimal: string): string =>
  decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
const grouped = (value: number): string => String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
