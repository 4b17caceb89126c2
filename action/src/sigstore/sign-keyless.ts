import { X509Certificate } from 'node:crypto';
import { type Digest, formatReference, type Repository } from '@modelpier/backstage-plugin-modelpier-common';
import type { RegistryPorts, Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import { renderPayload } from '../signature/payload';
import { addSignature, signatureTag } from '../signature/stored-signatures';
import type { KeylessSigner } from './keyless-signer';
import { certificateOf, storedForm } from './stored-bundle';

interface Signing extends Waiting {
  readonly image: Digest;
  readonly signer: KeylessSigner;
}

interface Signed {
  readonly reference: string;
  /** Whom the certificate names. */
  readonly subject: string;
}

/** Signs an image so that `cosign verify --certificate-identity` takes it. Answers where the signature is. */
export async function signKeyless(
  registry: RegistryPorts,
  repository: Repository,
  { image, signer, signal }: Signing,
): Promise<Signed> {
  const payload = renderPayload(repository, image);
  const signature = storedForm(await signer.signBytes(payload), payload);
  await addSignature(registry, repository, { ...signature, image, signal });
  const { subjectAltName = '' } = new X509Certificate(certificateOf(signature));
  const subject = subjectAltName.replace(/^(?:URI|email):/, '');
  return { reference: formatReference({ ...repository, tag: signatureTag(image) }), subject };
}
