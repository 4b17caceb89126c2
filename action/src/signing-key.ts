import type { KeyObject } from 'node:crypto';
import type { Run } from './main';
import { readKey } from './read-key';
import { parseSigningKey } from './signature/keys';

/** The key to sign with, where it is asked to. */
export async function signingKey({ inputs, context }: Run): Promise<KeyObject | undefined> {
  const { sign } = inputs.safety;
  if (sign?.by !== 'key') return undefined;
  const pem = await readKey(sign.key, { input: 'sign-key', workspace: context.workspace });
  return parseSigningKey(pem, sign.password);
}
