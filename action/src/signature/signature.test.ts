import { generateKeyPairSync, randomBytes, scryptSync } from 'node:crypto';
import type { Repository } from '@modelpier/backstage-plugin-modelpier-common';
import { anonymous, createRegistry } from '@modelpier/backstage-plugin-modelpier-node';
import { secretbox } from 'tweetnacl';
import { patientClock, pushImage } from '../../../test/servers/registry/samples';
import { startRegistry } from '../../../test/servers/registry/server';
import { parsePublicKey, parseSigningKey, signBytes } from './keys';
import { renderPayload } from './payload';
import { signImage } from './sign-image';
import { addSignature, readSignatures, signatureTag } from './stored-signatures';
import { verifySignature } from './verify-signature';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function stage() {
  const server = await startRegistry();
  const registry = createRegistry({ credentials: anonymous, clock: patientClock() });
  ends.push(
    () => server.close(),
    () => registry.close(),
  );
  const repository: Repository = { registry: server.host, path: 'acme/digits' };
  const { digest: image } = await pushImage(registry, repository, 'v1');
  const { digest: other } = await pushImage(registry, repository, 'v2');
  return { server, registry, repository, image, other };
}

const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ours = pair();
const theirs = pair();

it('signs an image, once by each key, and verifies each', async () => {
  const { server, registry, repository, image } = await stage();
  const reference = await signImage(registry, repository, { image, key: ours.privateKey });
  await signImage(registry, repository, { image, key: theirs.privateKey });
  server.requests.length = 0;
  await signImage(registry, repository, { image, key: ours.privateKey });

  expect(reference).toBe(`${server.host}/acme/digits:${signatureTag(image)}`);
  expect(server.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
  expect(await readSignatures(registry, repository, { image })).toHaveLength(2);
  for (const { publicKey } of [ours, theirs]) {
    await expect(verifySignature(registry, { ...repository, image, key: publicKey })).resolves.toMatch(
      /^key sha256:\w{64}$/,
    );
  }
});

it('refuses an image without a signature', async () => {
  const { registry, repository, image } = await stage();
  const verifying = verifySignature(registry, { ...repository, image, key: ours.publicKey });
  await expect(verifying).rejects.toMatchObject({ code: 'untrusted', message: /it has no signature$/ });
});

it('refuses a signature by another key', async () => {
  const { registry, repository, image } = await stage();
  await signImage(registry, repository, { image, key: theirs.privateKey });
  const verifying = verifySignature(registry, { ...repository, image, key: ours.publicKey });
  await expect(verifying).rejects.toMatchObject({ code: 'untrusted', message: /is by another key$/ });
});

it('refuses a good signature that is of another image', async () => {
  const { registry, repository, image, other } = await stage();
  const payload = renderPayload(repository, other);
  const signature = signBytes(payload, ours.privateKey);
  await addSignature(registry, repository, { image, payload, signature });
  const verifying = verifySignature(registry, { ...repository, image, key: ours.publicKey });
  await expect(verifying).rejects.toThrow(`is of ${other}`);
});

it('refuses a good signature over something else', async () => {
  const { registry, repository, image } = await stage();
  const words = { critical: { image: { 'docker-manifest-digest': image }, type: 'another type' } };
  const payload = Buffer.from(JSON.stringify(words));
  await addSignature(registry, repository, {
    image,
    payload,
    signature: signBytes(payload, ours.privateKey),
  });
  const verifying = verifySignature(registry, { ...repository, image, key: ours.publicKey });
  await expect(verifying).rejects.toThrow('is over something that is no image');
});

it('refuses a signature whose payload was changed', async () => {
  const { registry, repository, image } = await stage();
  const signature = signBytes(renderPayload({ ...repository, path: 'acme/other' }, image), ours.privateKey);
  const payload = renderPayload(repository, image);
  await addSignature(registry, repository, { image, payload, signature });
  const verifying = verifySignature(registry, { ...repository, image, key: ours.publicKey });
  await expect(verifying).rejects.toThrow('is by another key');
});

const pkcs8 = ours.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const passphrase = 'open sesame';
const encrypted = ours.privateKey
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
  .toString();
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });

it('reads keys as OpenSSL writes them', () => {
  expect(parseSigningKey(pkcs8, undefined).equals(ours.privateKey)).toBe(true);
  expect(parseSigningKey(encrypted, passphrase).equals(ours.privateKey)).toBe(true);
  expect(parsePublicKey(publicPem).equals(ours.publicKey)).toBe(true);
});

const publicPem = ours.publicKey.export({ type: 'spki', format: 'pem' }).toString();

/** As cosign seals a key; that one of its own opens is tested beside the real one. */
function seal(password: string, { N } = { N: 1024 }): string {
  const [salt, nonce] = [randomBytes(32), randomBytes(24)];
  const key = scryptSync(password, salt, 32, { N: 1024, r: 8, p: 1 });
  const document = ours.privateKey.export({ type: 'pkcs8', format: 'der' });
  const box = secretbox(new Uint8Array(document), new Uint8Array(nonce), new Uint8Array(key));
  const json = JSON.stringify({
    kdf: { name: 'scrypt', params: { N, r: 8, p: 1 }, salt: salt.toString('base64') },
    cipher: { name: 'nacl/secretbox', nonce: nonce.toString('base64') },
    ciphertext: Buffer.from(box).toString('base64'),
  });
  const label = 'ENCRYPTED SIGSTORE PRIVATE KEY';
  return `-----BEGIN ${label}-----\n${Buffer.from(json).toString('base64')}\n-----END ${label}-----\n`;
}

it('opens a sealed key with its password alone', () => {
  const sealed = seal(passphrase);
  expect(parseSigningKey(sealed, passphrase).equals(ours.privateKey)).toBe(true);
  expect(() => parseSigningKey(sealed, 'open barley')).toThrow('sign-password does not open it');
  expect(() => parseSigningKey(sealed, undefined)).toThrow('sign-password does not open it');
});

it('does not open a key that would take all memory', () => {
  expect(() => parseSigningKey(seal(passphrase, { N: 2 ** 24 }), passphrase)).toThrow('more memory');
});

it.each([
  ['words', 'secret words', 'holds no private key in PEM'],
  ['a public key', publicPem, 'holds no private key in PEM'],
  ['a key cut short', pkcs8.replace(/\n.{20}/, '\n'), 'holds no key that can be read'],
  ['a key without its password', encrypted, 'holds no key that can be read'],
  [
    'a key that is too short',
    weak.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    'of this size',
  ],
])('refuses %s without a word of it', (_, pem, words) => {
  let message = '';
  try {
    parseSigningKey(pem, undefined);
  } catch (error) {
    message = `${String(error)} ${String((error as Error).cause)}`;
  }
  expect(message).toContain(words);
  expect(message).not.toContain(pem.split('\n')[1] ?? pem);
});

it('takes no private key for verify-key', () => {
  expect(() => parsePublicKey(pkcs8)).toThrow('verify-key: it holds no public key');
});
