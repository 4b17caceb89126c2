import { formatDeployed, ModelpierError, type Reference } from '@modelpier/backstage-plugin-modelpier-common';
import type { Run } from './main';
import { readKey } from './read-key';
import { parsePublicKey } from './signature/keys';
import { verifySignature } from './signature/verify-signature';

/** Where it is asked for: goes on only with an image that the key has signed. */
export async function verifyImage(run: Run, image: Reference): Promise<void> {
  const { verify } = run.inputs.safety;
  if (verify === undefined) return;
  await run.ports.tell.phase('Verify the signature', async () => {
    const { context, ports, recorder } = run;
    const { digest } = image;
    if (digest === undefined) {
      throw new ModelpierError(
        'untrusted',
        `verify ${formatDeployed(image)}: it has no digest, so it may be another by now`,
      );
    }
    const pem = await readKey(verify.key, { input: 'verify-key', workspace: context.workspace });
    const key = parsePublicKey(pem);
    const signed = { ...image, image: digest, key, signal: ports.signal };
    const signer = await verifySignature(ports.registry, signed);
    ports.tell.note(`${formatDeployed(image)} is signed by ${signer}`);
    recorder.proof({ verified: { by: 'key', image: formatDeployed(image), signer } });
  });
}
