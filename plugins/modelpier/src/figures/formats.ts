/** Made once for each language and each way of writing: to make one costs a hundred times its use. */
const numbers = new Map<string, Intl.NumberFormat>();
const times = new Map<string, Intl.DateTimeFormat>();

export const numberFormat = (language: string, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat =>
  kept(numbers, [language, options], () => new Intl.NumberFormat(language, options));

export const timeFormat = (language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  kept(times, [language, options], () => new Intl.DateTimeFormat(language, options));

function kept<T>(formats: Map<string, T>, by: readonly unknown[], create: () => T): T {
  const key = JSON.stringify(by);
  const found = formats.get(key) ?? create();
  formats.set(key, found);
  return found;
}
