import type { KeyObject } from 'node:crypto';
import {
  type Digest,
  formatReference,
  ModelpierError,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { BlobReader, ManifestReader, Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import { isSignedBy, nameKey } from './keys';
import { signedDigest } from './payload';
import { readSignatures, type StoredSignature } from './stored-signatures';

interface Expected {
  readonly image: Digest;
  readonly key: KeyObject;
}

/** Why a signature is not one of this image by this key; nothing where it is. */
export function faultOf(
  { payload, signature }: StoredSignature,
  { image, key }: Expected,
): string | undefined {
  // What is signed is read only once it is known who signed it.
  if (!isSignedBy(payload, signature, key)) return 'is by another key';
  try {
    const signed = signedDigest(payload);
    return signed === image ? undefined : `is of ${signed}`;
  } catch {
    return 'is over something that is no image';
  }
}

/** Throws unless the image has a signature by the key; answers which key it is. */
export async function verifySignature(
  registry: ManifestReader & BlobReader,
  { registry: host, path, image, key, signal }: Repository & Expected & Waiting,
): Promise<string> {
  const repository = { registry: host, path };
  const signatures = await readSignatures(registry, repository, { image, signal });
  const faults = signatures.map(signature => faultOf(signature, { image, key }));
  if (faults.includes(undefined)) return nameKey(key);
  const reasons =
    faults.length === 0 ? 'it has no signature' : `its signature ${[...new Set(faults)].join('; another ')}`;
  const reference = formatReference({ ...repository, digest: image });
  throw new ModelpierError('untrusted', `verify ${reference}: ${reasons}`, {
    hint: `nothing was applied; sign it with the other half of verify-key (${nameKey(key)}), by sign: key or cosign sign --key`,
  });
}
