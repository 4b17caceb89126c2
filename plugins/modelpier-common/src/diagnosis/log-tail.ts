import { hideSecrets } from '../hide-secrets';

/** Enough of the end of a log to see why a program died, and little enough for a report. */
const MOST_LINES = 40;
const LONGEST_LINE = 300;

const ESCAPE = String.fromCharCode(27);
/** Terminal sequences (ECMA-48), such as colours. */
const SEQUENCES = new RegExp(`${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]|\\][^\\u0007${ESCAPE}]*|[@-Z\\\\-_])`, 'g');
/** Control characters, and those that hide or reorder what a reader sees. */
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** The kubelet's excuse for a log that is gone; it comes as if it were the log. */
const GONE = /^(?:unable to retrieve container logs for |failed to (?:try resolving symlinks|open log file))/;

/** A foreign text as one line that is safe to show: nothing in it moves the cursor, reorders text or is a secret. */
export const plainLine = (text: string): string =>
  hideSecrets(text.replace(SEQUENCES, '').replace(/\s+/g, ' ').replace(UNSEEN, '').trim());

/** The last lines of a container's log, as plain text without secrets; progress bars that overwrite themselves show their end. */
export function tailOf(log: string): readonly string[] {
  const lines = log.split(/\r?\n/).map(plainLogLine);
  return lines
    .filter(line => line !== '' && !GONE.test(line))
    .slice(-MOST_LINES)
    .map(line => cut(line, LONGEST_LINE));
}

/** Indentation says which line belongs to which. */
const plainLogLine = (line: string): string => {
  const shown = line.slice(line.lastIndexOf('\r') + 1).replace(/\t/g, '    ');
  return hideSecrets(shown.replace(SEQUENCES, '').replace(UNSEEN, '').trimEnd());
};

/** With an ellipsis where it was longer. */
export const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 3)}...` : text;
