import { ModelpierError } from '../error';
import type { Rational } from './rational';

/** How a quantity was written, which its canonical form keeps. */
export type Notation = 'decimal' | 'binary' | 'exponent';

/** An amount of a resource, exact: cores, bytes or devices in units of 10^-9. */
export interface Quantity {
  readonly nano: bigint;
  readonly notation: Notation;
}

export const NANO_PER_UNIT = 1_000_000_000n;
export const NANO_PER_MILLI = 1_000_000n;
/** Kubernetes holds quantities up to 2^63 - 1 and caps what is larger. */
export const MAX_NANO = (2n ** 63n - 1n) * NANO_PER_UNIT;

const DECIMAL = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 } as const;
const BINARY = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n } as const;
const QUANTITY =
  /^(?<sign>[+-]?)(?:(?<whole>\d+)(?:\.(?<fraction>\d*))?|\.(?<bare>\d+))(?:(?<binary>[KMGTPE]i)|[eE](?<exponent>[+-]?\d+)|(?<decimal>[numkMGTPE]?))$/;
/** No amount needs more; it bounds the arithmetic on hostile input. */
const MAX_TEXT = 64;
/** Beyond this an exponent changes nothing: the value is zero, the smallest or the cap. */
const MAX_EXPONENT = 128;

/**
 * Reads a Kubernetes quantity (apimachinery, `resource.Quantity`), case-sensitive. More than three
 * decimals are rounded away from zero, more than 2^63 - 1 is capped. Only what is written with `n` or
 * `u` keeps nano-units: the metrics API answers such values, and usage must not be rounded up.
 */
export function parseQuantity(text: string): Quantity {
  const match = text.length <= MAX_TEXT ? QUANTITY.exec(text) : null;
  if (match === null) throw refused(text);
  const { sign, whole = '', fraction = '', bare = '', ...suffix } = match.groups ?? {};
  const { numerator, denominator } = multiplier(suffix);
  const decimals = fraction + bare;
  const unit = suffix['decimal'] === 'n' || suffix['decimal'] === 'u' ? 1n : NANO_PER_MILLI;
  const magnitude =
    unit *
    ceilDivide(
      BigInt(whole + decimals) * NANO_PER_UNIT * numerator,
      10n ** BigInt(decimals.length) * denominator * unit,
    );
  const capped = magnitude > MAX_NANO ? MAX_NANO : magnitude;
  return { nano: sign === '-' ? -capped : capped, notation: notationOf(suffix) };
}

/** The canonical form: no fraction, and the largest suffix that loses nothing ("1500m", "1536Mi"). */
export function formatQuantity({ nano, notation }: Quantity): string {
  if (nano === 0n) return '0';
  const isWhole = nano % NANO_PER_UNIT === 0n;
  const magnitude = nano < 0n ? -nano : nano;
  if (notation === 'binary' && isWhole && magnitude >= 1024n * NANO_PER_UNIT) return formatBinary(nano);
  for (const [suffix, power] of Object.entries(DECIMAL).reverse()) {
    const unit = 10n ** BigInt(power + 9);
    if (nano % unit !== 0n) continue;
    if (notation === 'exponent') return `${nano / unit}${power === 0 ? '' : `e${power}`}`;
    return `${nano / unit}${suffix}`;
  }
  throw new ModelpierError('internal', 'every quantity is a whole number of nano-units');
}

/** What is wrong with a memory amount that Kubernetes accepts, such as "128m": 0.128 byte. */
export function lintMemory(text: string): string | undefined {
  const { nano } = parseQuantity(text);
  if (nano % NANO_PER_UNIT === 0n) return undefined;
  const digits = /^\d+(?=m$)/.exec(text)?.[0];
  const remedy = digits === undefined ? 'write a whole number of bytes' : `write ${digits}Mi or ${digits}M`;
  return `memory ${JSON.stringify(text)} is ${formatDecimal(nano)} byte: "m" means a thousandth; ${remedy}`;
}

/** Nano-units as a plain decimal number, exact: "0.128". */
export function formatDecimal(nano: bigint): string {
  const magnitude = nano < 0n ? -nano : nano;
  const fraction = String(magnitude % NANO_PER_UNIT)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${nano < 0n ? '-' : ''}${magnitude / NANO_PER_UNIT}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Division of non-negative numbers, rounded up. */
export const ceilDivide = (numerator: bigint, denominator: bigint): bigint =>
  (numerator + denominator - 1n) / denominator;

type Suffix = Readonly<Record<string, string | undefined>>;

function multiplier({ binary, exponent, decimal = '' }: Suffix): Rational {
  if (binary !== undefined) {
    return { numerator: 1n << BINARY[binary as keyof typeof BINARY], denominator: 1n };
  }
  const power =
    exponent === undefined
      ? DECIMAL[decimal as keyof typeof DECIMAL]
      : Math.max(-MAX_EXPONENT, Math.min(MAX_EXPONENT, Number(exponent)));
  return power >= 0
    ? { numerator: 10n ** BigInt(power), denominator: 1n }
    : { numerator: 1n, denominator: 10n ** BigInt(-power) };
}

function notationOf({ binary, exponent }: Suffix): Notation {
  if (binary !== undefined) return 'binary';
  return exponent === undefined ? 'decimal' : 'exponent';
}

function formatBinary(nano: bigint): string {
  const units = nano / NANO_PER_UNIT;
  for (const [suffix, power] of Object.entries(BINARY).reverse()) {
    if (units % (1n << power) === 0n) return `${units >> power}${suffix}`;
  }
  return String(units);
}

function refused(text: string): ModelpierError {
  const shown = text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}...`;
  return new ModelpierError('invalid-input', `${JSON.stringify(shown)} is not a Kubernetes quantity`, {
    hint: hintFor(text),
  });
}

function hintFor(text: string): string {
  const unit = /^[+-]?[\d.]+\s*([kKmMgGtTpPeE])(i?)[bB]?$/.exec(text);
  const letter = unit?.[1]?.toUpperCase();
  if (letter === undefined) return 'write a number with one of Ki Mi Gi Ti Pi Ei, m k M G T P E, or none';
  const decimal = letter === 'K' ? 'k' : letter;
  return `write ${letter}i (powers of 1024) or ${decimal} (powers of 1000); case matters, and no "B" follows`;
}
