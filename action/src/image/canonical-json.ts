/** JSON with sorted keys and no white space: the same document has the same bytes, and so the same digest. */
export const canonicalJson = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(sortKeys(value)));

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, entry]) => [key, sortKeys(entry)]));
}
