import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';

/** No key has more, and a wrong path may lead to a model. */
const MOST_KEY_CHARACTERS = 64 * 1024;

/** PEM that was given itself, or by the path of its file in the workspace. */
export async function readKey(
  given: string,
  { input, workspace }: { readonly input: string; readonly workspace: string },
): Promise<string> {
  if (given.includes('-----BEGIN')) return given;
  try {
    const pem = await readFile(resolve(workspace, given), 'utf8');
    return pem.slice(0, MOST_KEY_CHARACTERS);
  } catch (cause) {
    // What was given may be a key after all; it is not repeated, and the cause would do so.
    const { code = 'unknown' } = cause as { code?: string };
    throw new ModelpierError(
      'invalid-input',
      `${input}: it is neither PEM nor a file of the workspace (${code})`,
      {
        hint: 'give the content of the key, with its BEGIN and END lines, or the path of its file',
      },
    );
  }
}
