/** A whole number of so many digits may be more than a double can hold; the digits behind a point are none. */
const LONG_INTEGER = /(?<![\d.])\d{16,}(?![\d.eE])/;
const INTEGER = /^-?\d+$/;

/** JSON whose whole numbers beyond 2^53 keep every digit, as a `bigint`: INT64 and UINT64 hold more than a double. */
export function parseExactJson(json: string): unknown {
  // To be asked for each value takes ten times as long.
  return LONG_INTEGER.test(json) ? (JSON.parse(json, exact) as unknown) : (JSON.parse(json) as unknown);
}

/** ECMAScript, "JSON.parse source text access": engines without it pass no context. */
function exact(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const { source = '' } = context ?? {};
  return INTEGER.test(source) ? BigInt(source) : value;
}

/** The same number for number. */
export const renderExactJson = (value: unknown): string =>
  JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? rawNumber(each) : each));

const rawNumber = (value: bigint): unknown =>
  (JSON as unknown as { rawJSON(json: string): unknown }).rawJSON(String(value));
