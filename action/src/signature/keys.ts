import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import { openSealedKey } from './sealed-key';

const PEM = /-----BEGIN ([A-Z ]+)-----\s+([A-Za-z0-9+/=\s]+?)\s+-----END \1-----/;
const SEALED = ['ENCRYPTED SIGSTORE PRIVATE KEY', 'ENCRYPTED COSIGN PRIVATE KEY'];
const PRIVATE = ['PRIVATE KEY', 'ENCRYPTED PRIVATE KEY', 'EC PRIVATE KEY', 'RSA PRIVATE KEY'];
const SHORTEST_RSA_BITS = 2048;

/** A private key of cosign, or one in any PEM that OpenSSL writes. */
export function parseSigningKey(pem: string, password: string | undefined): KeyObject {
  const [, label = '', body = ''] = PEM.exec(pem) ?? [];
  if (SEALED.includes(label)) {
    const document = openSealedKey(Buffer.from(body, 'base64'), password ?? '');
    return checked('sign-key', () =>
      createPrivateKey({ key: Buffer.from(document), format: 'der', type: 'pkcs8' }),
    );
  }
  if (!PRIVATE.includes(label)) {
    throw new ModelpierError('invalid-input', 'sign-key: it holds no private key in PEM', {
      hint: 'give the content or the path of the cosign.key that cosign generate-key-pair writes',
    });
  }
  const protectedBy = password === undefined ? {} : { passphrase: password };
  return checked('sign-key', () => createPrivateKey({ key: pem, ...protectedBy }));
}

export function parsePublicKey(pem: string): KeyObject {
  if (PEM.exec(pem)?.[1] !== 'PUBLIC KEY') {
    throw new ModelpierError('invalid-input', 'verify-key: it holds no public key in PEM', {
      hint: 'give the content or the path of cosign.pub, the public half of the key that signs',
    });
  }
  return checked('verify-key', () => createPublicKey(pem));
}

/** OpenSSL's own words may quote what it read. */
function checked(input: string, parse: () => KeyObject): KeyObject {
  const key = attempt(input, parse);
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  const isStrong =
    type === 'ec' ||
    type === 'ed25519' ||
    (type === 'rsa' && (details?.modulusLength ?? 0) >= SHORTEST_RSA_BITS);
  if (isStrong) return key;
  throw new ModelpierError(
    'invalid-input',
    `${input}: a key of type ${type ?? 'unknown'} of this size does not serve`,
    {
      hint: `use ECDSA, Ed25519, or RSA of at least ${SHORTEST_RSA_BITS} bits`,
    },
  );
}

function attempt(input: string, parse: () => KeyObject): KeyObject {
  try {
    return parse();
  } catch {
    throw new ModelpierError('invalid-input', `${input}: its PEM holds no key that can be read`, {
      hint: 'check that it is whole, and that the password is that of the key',
    });
  }
}

/** As cosign signs: over SHA-256, or, with Ed25519, over the bytes themselves. */
export const signBytes = (bytes: Uint8Array, key: KeyObject): Uint8Array => sign(hashFor(key), bytes, key);

export const isSignedBy = (bytes: Uint8Array, signature: Uint8Array, key: KeyObject): boolean =>
  verify(hashFor(key), bytes, key, signature);

const hashFor = ({ asymmetricKeyType }: KeyObject): string | null =>
  asymmetricKeyType === 'ed25519' ? null : 'sha256';

/** A key by the digest of its public half, as `openssl pkey -pubin -outform DER | sha256sum` prints it. */
export function nameKey(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const document = publicKey.export({ type: 'spki', format: 'der' });
  return `key sha256:${createHash('sha256').update(document).digest('hex')}`;
}
