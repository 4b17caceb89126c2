import { OPAQUE, type Value } from './value';

/** Values beyond this are forgotten; where one of them names a global, the pickle is refused. */
const KEPT_VALUES = 400_000;

/** What a pickle stores to use again. */
export class Memo {
  readonly #values: Map<number, Value>;
  #stored: number;
  #hasForgotten: boolean;

  constructor(other?: Memo) {
    this.#values = new Map(other === undefined ? [] : other.#values);
    this.#stored = other === undefined ? 0 : other.#stored;
    this.#hasForgotten = other === undefined ? false : other.#hasForgotten;
  }

  /** Without an index, as MEMOIZE does: after all that are stored (CPython counts those in the memo). */
  store(index: number | undefined, value: Value): void {
    const place = index ?? this.#stored;
    const isNew = this.#hasForgotten || !this.#values.has(place);
    if (isNew) this.#stored++;
    if (this.#values.size < KEPT_VALUES || this.#values.has(place)) this.#values.set(place, value);
    else this.#hasForgotten = true;
  }

  /** What was forgotten is some value, but none that anyone can tell. */
  recall(index: number): Value | undefined {
    return this.#values.get(index) ?? (this.#hasForgotten ? OPAQUE : undefined);
  }
}
