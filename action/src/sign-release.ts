import { type Digest, formatRepository, type Repository } from '@modelpier/backstage-plugin-modelpier-common';
import type { Run } from './main';
import { nameKey } from './signature/keys';
import { signImage } from './signature/sign-image';
import { signingKey } from './signing-key';

/** Signs an image in every repository that has it, where that is asked for. */
export async function signRelease(
  run: Run,
  { image, repositories }: { readonly image: Digest; readonly repositories: readonly Repository[] },
): Promise<void> {
  const key = await signingKey(run);
  if (key === undefined) return;
  const { ports, recorder } = run;
  const references: string[] = [];
  for (const { registry, path } of repositories) {
    const repository = { registry, path };
    references.push(await signImage(ports.registry, repository, { image, key, signal: ports.signal }));
    ports.tell.note(`signed ${image} in ${formatRepository(repository)} with ${nameKey(key)}`);
  }
  recorder.proof({ signature: { by: 'key', references } });
}
