/** Long enough for any name that a person gave. */
const LONGEST = 500;

/** Text from a file as one harmless line: a line break in a name would let it speak to the runner. */
export function printable(text: string): string {
  const escaped = text
    .slice(0, LONGEST)
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, character => {
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    });
  return text.length > LONGEST ? `${escaped}...` : escaped;
}
