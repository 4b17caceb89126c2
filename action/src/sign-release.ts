import { type Digest, formatRepository, type Repository } from '@modelpier/backstage-plugin-modelpier-common';
import type { Run } from './main';
import { readKey } from './read-key';
import { nameKey, parseSigningKey } from './signature/keys';
import { signImage } from './signature/sign-image';

/** Signs an image in every repository that has it, where that is asked for. */
export async function signRelease(
  { inputs, context, ports, recorder }: Run,
  { image, repositories }: { readonly image: Digest; readonly repositories: readonly Repository[] },
): Promise<void> {
  const { sign } = inputs.safety;
  if (sign === undefined) return;
  const pem = await readKey(sign.key, { input: 'sign-key', workspace: context.workspace });
  const key = parseSigningKey(pem, sign.password);
  const references: string[] = [];
  for (const { registry, path } of repositories) {
    const repository = { registry, path };
    references.push(await signImage(ports.registry, repository, { image, key, signal: ports.signal }));
    ports.tell.note(`signed ${image} in ${formatRepository(repository)} with ${nameKey(key)}`);
  }
  recorder.proof({ signature: { by: 'key', references } });
}
