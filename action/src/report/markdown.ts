/** Text as one cell or one line of Markdown: nothing in it is markup, whatever it holds. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\`*_{}[\]()#+!|~]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}

/** Text as code, in a fence longer than any run of backticks inside it. */
export function code(text: string): string {
  const oneLine = text.replace(/[\r\n]+/g, ' ').replace(/\|/g, '\\|');
  const longest = Math.max(0, ...(oneLine.match(/`+/g) ?? []).map(run => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${oneLine}${fence}` : `${fence} ${oneLine} ${fence}`;
}

/** Our own text, in which backticks mark names and values; all the rest is text, whatever it holds. */
export const withCode = (text: string): string =>
  text
    .split(/`([^`]+)`/)
    .map((part, position) => (position % 2 === 1 ? code(part) : escapeMarkdown(part)))
    .join('');

/** Lines as a block of code, in a fence longer than any run of backticks inside it. */
export function codeBlock(text: string, language: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(run => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A part that a click opens; the title is Markdown of one line, the body any Markdown. */
export const details = (title: string, body: string, { open = false } = {}): string =>
  [`<details${open ? ' open' : ''}><summary>${title}</summary>`, body, '</details>'].join('\n\n');

/** Text as code inside of HTML, where backticks are none. */
export const htmlCode = (text: string): string =>
  `<code>${text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')}</code>`;

export type Align = 'left' | 'right';

/** A table whose cells are Markdown already. */
export function table(
  head: readonly { readonly title: string; readonly align?: Align }[],
  rows: readonly (readonly string[])[],
): string {
  const lines = [
    head.map(({ title }) => title),
    head.map(({ align }) => (align === 'right' ? '--:' : '---')),
    ...rows,
  ];
  return lines.map(cells => `| ${cells.join(' | ')} |`).join('\n');
}
