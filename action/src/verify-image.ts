import {
  type Digest,
  formatDeployed,
  formatIdentity,
  ModelpierError,
  type Reference,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { VerifyInputs } from './inputs/safety-inputs';
import type { Run } from './main';
import { readKey } from './read-key';
import { readTrustedRoots } from './read-trust';
import { parsePublicKey } from './signature/keys';
import { verifySignature } from './signature/verify-signature';
import { verifyIdentity } from './sigstore/verify-identity';

/** Where it is asked for: goes on only with an image that the key, or somebody who was named, has signed. */
export async function verifyImage(run: Run, image: Reference): Promise<void> {
  const { verify } = run.inputs.safety;
  if (verify === undefined) return;
  await run.ports.tell.phase('Verify the signature', async () => {
    const { digest } = image;
    if (digest === undefined) {
      throw new ModelpierError(
        'untrusted',
        `verify ${formatDeployed(image)}: it has no digest, so it may be another by now`,
      );
    }
    const signer = await signerOf(run, verify, { ...image, image: digest });
    run.ports.tell.note(`${formatDeployed(image)} is signed by ${signer}`);
    run.recorder.proof({ verified: { by: verify.by, image: formatDeployed(image), signer } });
  });
}

/** Throws where it is none of those that were asked for. */
async function signerOf(
  run: Run,
  verify: VerifyInputs,
  image: Reference & { readonly image: Digest },
): Promise<string> {
  const { context, ports } = run;
  const { registry, signal } = ports;
  if (verify.by === 'identity') {
    const roots = await readTrustedRoots(run, verify.trustedRoot);
    const { identities: wanted } = verify;
    return formatIdentity(await verifyIdentity(registry, { ...image, wanted, roots, signal }));
  }
  const pem = await readKey(verify.key, { input: 'verify-key', workspace: context.workspace });
  return verifySignature(registry, { ...image, key: parsePublicKey(pem), signal });
}
