import { createPublicKey, type KeyObject } from 'node:crypto';
import { type Digest, formatReference, type Repository } from '@modelpier/backstage-plugin-modelpier-common';
import type { RegistryPorts, Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import { signBytes } from './keys';
import { renderPayload } from './payload';
import { addSignature, readSignatures, signatureTag } from './stored-signatures';
import { faultOf } from './verify-signature';

interface Signing extends Waiting {
  readonly image: Digest;
  readonly key: KeyObject;
}

/** Signs an image so that `cosign verify --key` takes it; once by each key. Answers where the signature is. */
export async function signImage(
  registry: RegistryPorts,
  repository: Repository,
  { image, key, signal }: Signing,
): Promise<string> {
  const own = createPublicKey(key);
  const signatures = await readSignatures(registry, repository, { image, signal });
  if (!signatures.some(signature => faultOf(signature, { image, key: own }) === undefined)) {
    const payload = renderPayload(repository, image);
    const signature = signBytes(payload, key);
    await addSignature(registry, repository, { image, payload, signature, signal });
  }
  return formatReference({ ...repository, tag: signatureTag(image) });
}
