import { scryptSync } from 'node:crypto';
import {
  literal,
  ModelpierError,
  object,
  parseWith,
  text,
  count,
} from '@modelpier/backstage-plugin-modelpier-common';
import { secretbox } from 'tweetnacl';

/** How cosign keeps a private key (secure-systems-lab/go-securesystemslib, `encrypted`): JSON in PEM. */
const sealedKey = object({
  kdf: object({ name: literal('scrypt'), params: object({ N: count, r: count, p: count }), salt: text }),
  cipher: object({ name: literal('nacl/secretbox'), nonce: text }),
  ciphertext: text,
});

/** Four times what cosign asks for; a key that asks for more would only hold up the run. */
const MOST_SCRYPT_BYTES = 256 * 1024 * 1024;
const MOST_PARALLEL = 4;

/** The PKCS #8 document in the sealed key. */
export function openSealedKey(json: Uint8Array, password: string): Uint8Array {
  const { kdf, cipher, ciphertext } = parseWith(sealedKey, parseJson(json), 'sign-key');
  const { N, r, p } = kdf.params;
  if (128 * N * r > MOST_SCRYPT_BYTES || p > MOST_PARALLEL) {
    throw new ModelpierError('invalid-input', 'sign-key: it takes more memory to open than a key should', {
      hint: 'make a new one with cosign generate-key-pair',
    });
  }
  const options = { N, r, p, maxmem: 2 * MOST_SCRYPT_BYTES };
  const key = scryptSync(password, fromBase64(kdf.salt), secretbox.keyLength, options);
  const nonce = fromBase64(cipher.nonce);
  const opened =
    nonce.length === secretbox.nonceLength
      ? secretbox.open(fromBase64(ciphertext), nonce, new Uint8Array(key))
      : null;
  // Older releases of the library say false.
  if (!(opened instanceof Uint8Array)) {
    throw new ModelpierError('invalid-input', 'sign-key: sign-password does not open it', {
      hint: 'give the password that the key was made with',
    });
  }
  return opened;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    // What JSON.parse says would quote the key.
    throw new ModelpierError('invalid-input', 'sign-key: what is in its PEM is not a sealed key');
  }
}

const fromBase64 = (value: string): Uint8Array => new Uint8Array(Buffer.from(value, 'base64'));
