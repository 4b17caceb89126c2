const UNITS = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

/** "1GiB", "256MiB", "4096": bytes. */
export function parseSize(text: string): number {
  const [, number = '', unit = 'B'] = /^(\d+)\s*([KMG]iB|B)?$/.exec(text) ?? [];
  const factor = UNITS[unit as keyof typeof UNITS];
  if (number === '') throw new RangeError(`${JSON.stringify(text)} is no size; write 1GiB or 256MiB`);
  return Number(number) * factor;
}
