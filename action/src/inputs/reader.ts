import { type Fault, ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import { parse } from 'csv-parse/sync';
import type { Environment } from '../github/context';

/** No line of text has it, so that a line stays one item with all its commas and spaces. */
const NO_DELIMITER = '\0';

/** Reads `INPUT_*` variables as GitHub sets them, and collects every fault instead of the first. */
export class InputReader {
  readonly #environment: Environment;
  readonly #faults: Fault[] = [];

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** The trimmed text, or `undefined` where nothing was given. */
  text(name: string): string | undefined {
    const value = (this.#environment[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] ?? '').trim();
    return value === '' ? undefined : value;
  }

  choice<const C extends string>(name: string, accepted: readonly C[], fallback: C): C {
    const value = this.text(name) ?? fallback;
    const found = accepted.find(choice => choice === value);
    return found ?? this.#refuse(name, value, `one of ${accepted.join(', ')}`, fallback);
  }

  /** Booleans of YAML 1.2: `true`, `True`, `TRUE` and their opposites. */
  flag(name: string, fallback: boolean): boolean {
    const value = this.text(name) ?? String(fallback);
    if (/^(true|True|TRUE)$/.test(value)) return true;
    if (/^(false|False|FALSE)$/.test(value)) return false;
    return this.#refuse(name, value, 'true or false', fallback);
  }

  count(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    return /^\d{1,9}$/.test(value)
      ? Number(value)
      : this.#refuse<number | undefined>(name, value, 'a whole number from 0', undefined);
  }

  /** `90s`, `10m`, `1h30m`; in milliseconds. */
  durationMs(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(value);
    if (match === null) {
      this.#refuse(name, value, 'a duration such as 90s, 10m or 1h30m', value);
      return undefined;
    }
    const [, hours = '0', minutes = '0', seconds = '0'] = match;
    return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  }

  /** One item a line; commas are part of an item. */
  lines(name: string): readonly string[] {
    return this.#records(name, NO_DELIMITER).flat();
  }

  /** Items separated by commas or lines. */
  csv(name: string): readonly string[] {
    return this.#records(name, ',')
      .flat()
      .filter(item => item !== '');
  }

  /** Lines of items separated by commas. */
  rows(name: string): readonly (readonly string[])[] {
    return this.#records(name, ',');
  }

  /** `key=value`, one a line. */
  pairs(name: string): Readonly<Record<string, string>> {
    const pairs: [string, string][] = [];
    for (const line of this.lines(name)) {
      const [, key, value] = /^([^=\s]+)=(.*)$/s.exec(line) ?? [];
      if (key === undefined || value === undefined) this.#refuse(name, line, 'key=value', line);
      else pairs.push([key, value]);
    }
    return Object.fromEntries(pairs);
  }

  /** What a parser makes of the text; what it throws becomes a fault of this input. */
  parsed<T>(name: string, value: string | undefined, parseValue: (value: string) => T): T | undefined {
    if (value === undefined) return undefined;
    try {
      return parseValue(value);
    } catch (error) {
      this.fault(name, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  /** Each of the texts, parsed; what is written in two ways is taken once. */
  allParsed<T>(
    name: string,
    values: readonly string[],
    {
      parse: parseValue,
      format,
    }: { readonly parse: (value: string) => T; readonly format: (value: T) => string },
  ): readonly T[] {
    const parsed = new Map<string, T>();
    for (const value of values) {
      const item = this.parsed(name, value, parseValue);
      if (item !== undefined) parsed.set(format(item), item);
    }
    return [...parsed.values()];
  }

  fault(name: string, message: string): void {
    this.#faults.push({ path: name, message });
  }

  /** Ends the reading: one error with every fault, or nothing. */
  finish(): void {
    if (this.#faults.length === 0) return;
    const count = this.#faults.length === 1 ? 'an input is' : `${this.#faults.length} inputs are`;
    const lines = this.#faults.map(({ path, message }) => `${path}: ${message}`);
    throw new ModelpierError('invalid-input', `${count} not valid: ${lines.join('; ')}`, {
      faults: this.#faults,
      hint: "correct them in the step's `with:`; the README lists what each accepts",
    });
  }

  #records(name: string, delimiter: string): readonly (readonly string[])[] {
    const value = this.text(name);
    if (value === undefined) return [];
    try {
      return parse(value, {
        comment: '#',
        comment_no_infix: true,
        delimiter,
        relax_column_count: true,
        relax_quotes: true,
        skip_empty_lines: true,
        trim: true,
      });
    } catch (error) {
      this.fault(name, `is not a list: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  }

  #refuse<T>(name: string, given: string, accepted: string, fallback: T): T {
    this.fault(name, `${JSON.stringify(given.slice(0, 80))} was given, ${accepted} is accepted`);
    return fallback;
  }
}
