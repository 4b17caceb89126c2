/** `{{name}}` or `{{name 'argument'}}` in a text. */
interface Expression {
  readonly whole: string;
  readonly name: string;
  readonly argument: string | undefined;
}

const EXPRESSION = /\{\{\s*([^}]*?)\s*\}\}/g;
const CALL = /^(\w+)(?:\s+(?:'([^']*)'|"([^"]*)"))?$/;

export const expressionsOf = (template: string): readonly Expression[] =>
  [...template.matchAll(EXPRESSION)].map(([whole, inside = '']) => {
    const [, name = inside, single, double] = CALL.exec(inside) ?? [];
    return { whole, name, argument: single ?? double };
  });

/** What an expression stands for; nothing where there is none of that name. */
export type Values = (name: string, argument: string | undefined) => string | undefined;

/** The text with the values of its expressions; they were checked before. */
export function render(template: string, values: Values): string {
  const rendered = expressionsOf(template).map(({ name, argument }) => values(name, argument) ?? '');
  return template.replace(EXPRESSION, () => rendered.shift() ?? '');
}

const DATE_PARTS = /YYYY|YY|MM|DD|HH|mm|ss/g;

/** Whether each letter of a date's format is one that we have. */
export const isDateFormat = (format: string): boolean =>
  format !== '' && !/[A-Za-z]/.test(format.replace(DATE_PARTS, ''));

/** A time in UTC, in the letters of moment.js that tags are made of. */
export function formatDate(epochSeconds: number, format: string): string {
  const [date = '', time = ''] = new Date(epochSeconds * 1000).toISOString().split('T');
  const [year = '', month = '', day = ''] = date.split('-');
  const [hour = '', minute = '', second = ''] = time.slice(0, 8).split(':');
  const parts: Readonly<Record<string, string>> = {
    YYYY: year,
    YY: year.slice(-2),
    MM: month,
    DD: day,
    HH: hour,
    mm: minute,
    ss: second,
  };
  return format.replace(DATE_PARTS, part => parts[part] ?? part);
}
