import { type Digest, formatRepository, type Repository } from '@modelpier/backstage-plugin-modelpier-common';
import { keylessSigner } from './keyless';
import type { Run } from './main';
import { nameKey } from './signature/keys';
import { signImage } from './signature/sign-image';
import { signingKey } from './signing-key';
import { signKeyless } from './sigstore/sign-keyless';

/** Signs an image in every repository that has it, where that is asked for. */
export async function signRelease(
  run: Run,
  { image, repositories }: { readonly image: Digest; readonly repositories: readonly Repository[] },
): Promise<void> {
  const sign = await signing(run);
  if (sign === undefined) return;
  const references: string[] = [];
  for (const { registry, path } of repositories) {
    const repository = { registry, path };
    const { reference, by } = await sign.signImage(repository, image);
    references.push(reference);
    run.ports.tell.note(`signed ${image} in ${formatRepository(repository)} ${by}`);
  }
  run.recorder.proof({ signature: { by: sign.by, references } });
}

interface Signing {
  readonly by: 'key' | 'keyless';
  /** Where the signature is, and by whom. */
  signImage(
    repository: Repository,
    image: Digest,
  ): Promise<{ readonly reference: string; readonly by: string }>;
}

async function signing(run: Run): Promise<Signing | undefined> {
  const { registry, signal } = run.ports;
  if (run.inputs.safety.sign?.by === 'keyless') {
    const signer = await keylessSigner(run);
    return {
      by: 'keyless',
      signImage: async (repository, image) => {
        const { reference, subject } = await signKeyless(registry, repository, { image, signer, signal });
        return { reference, by: `as ${subject}` };
      },
    };
  }
  const key = await signingKey(run);
  if (key === undefined) return undefined;
  return {
    by: 'key',
    signImage: async (repository, image) => ({
      reference: await signImage(registry, repository, { image, key, signal }),
      by: `with ${nameKey(key)}`,
    }),
  };
}
