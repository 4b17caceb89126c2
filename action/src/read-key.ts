import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import { readSmallFile } from './model/read-small-file';

/** No key has more. */
const MOST_KEY_BYTES = 64 * 1024;

const WORDS = { missing: 'no such file', outside: 'it lies outside', 'too-large': 'it has more than 64 KiB' };

/** PEM that was given itself, or by the path of its file in the workspace. */
export async function readKey(
  given: string,
  { input, workspace }: { readonly input: string; readonly workspace: string },
): Promise<string> {
  if (given.includes('-----BEGIN')) return given;
  const read = await readSmallFile(given, { workspace, maxBytes: MOST_KEY_BYTES });
  if ('text' in read) return read.text;
  // What was given may be a key after all, so it is not repeated.
  throw new ModelpierError(
    'invalid-input',
    `${input}: it is neither PEM nor a file of the workspace (${WORDS[read.fault]})`,
    {
      hint: 'give the content of the key, with its BEGIN and END lines, or the path of its file',
    },
  );
}
