/** Shown as nothing, and enough to break a command up. */
const ZERO_WIDTH_SPACE = '\u200b';

/**
 * A foreign text as one line that is no command to the runner: `::name::` is one at the start of a line, `##[name]`
 * anywhere in it (docs.github.com, "Workflow commands"; actions/runner, ActionCommand.cs).
 */
export function harmlessLine(text: string): string {
  const line = text.replace(/[\r\n\u0085\u2028\u2029]+/g, ' ').replaceAll('##[', `#${ZERO_WIDTH_SPACE}#[`);
  return /^\s*::/.test(line) ? `| ${line}` : line;
}
