import {
  type Digest,
  GITHUB_ISSUER,
  hasCode,
  parseIdentity,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import {
  anonymous,
  attachDocument,
  createRegistry,
  type Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';
import { patientClock, pushImage } from '../../../test/servers/registry/samples';
import { startRegistry } from '../../../test/servers/registry/server';
import { startSigstore } from '../../../test/servers/sigstore/server';
import { addSignature, readSignatures } from '../signature/stored-signatures';
import { createKeylessSigner } from './keyless-signer';
import { BUNDLE_TYPE } from './read-bundles';
import { signKeyless } from './sign-keyless';
import { parseSigningConfig } from './signing-config';
import { parseTrustedRoots } from './trusted-root';
import { verifyIdentity } from './verify-identity';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const WORKFLOW = 'https://github.com/acme/digits/.github/workflows/release.yml';

async function openAuthority(options: { log?: boolean } = {}) {
  const server = await startSigstore(options);
  ends.push(() => server.close());
  const endpoints = parseSigningConfig(server.signingConfig, { now: Date.now() });
  const token = () => Promise.resolve(server.tokens.issue('sigstore'));
  const roots = await parseTrustedRoots(JSON.stringify(server.trustedRoot));
  return { server, roots, signer: createKeylessSigner(token, endpoints) };
}

async function stage(options: { log?: boolean } = {}) {
  const authority = await openAuthority(options);
  const server = await startRegistry();
  const registry = createRegistry({ credentials: anonymous, clock: patientClock() });
  ends.push(
    () => server.close(),
    () => registry.close(),
  );
  const repository: Repository = { registry: server.host, path: 'acme/digits' };
  const { digest: image, manifest } = await pushImage(registry, repository, 'v1');
  const { digest: other } = await pushImage(registry, repository, 'v2');
  const wanted = [parseIdentity(`${WORKFLOW}@refs/tags/*`)];
  const subject = { mediaType: manifest.mediaType, digest: image, size: manifest.bytes.byteLength };
  return { ...authority, registryServer: server, registry, repository, image, other, subject, wanted };
}
type Stage = Awaited<ReturnType<typeof stage>>;

const verify = (on: Stage, more: Partial<Pick<Stage, 'image' | 'wanted' | 'roots'>> & Waiting = {}) => {
  const { registry, repository, image, wanted, roots } = on;
  return verifyIdentity(registry, { ...repository, image, wanted, roots, ...more });
};

it.each([
  ['and a log', {}],
  ['without a log', { log: false }],
])('signs by a certificate %s, and says who signed', async (_, options) => {
  const on = await stage(options);
  const { reference, subject } = await signKeyless(on.registry, on.repository, on);
  expect(reference).toBe(`${on.repository.registry}/acme/digits:${on.image.replace(':', '-')}.sig`);
  expect(subject).toBe(`${WORKFLOW}@refs/tags/v1.0.0`);
  expect(await verify(on)).toEqual({
    subject,
    issuer: GITHUB_ISSUER,
    repository: 'https://github.com/acme/digits',
  });
});

it('denies an image that nobody signed', async () => {
  await expect(verify(await stage())).rejects.toMatchObject({
    code: 'untrusted',
    message: /it has no signature$/,
  });
});

it.each([
  ['another workflow', `${WORKFLOW}@refs/heads/main`],
  ['another issuer', `${WORKFLOW}@refs/tags/* issuer=https://issuer.example`],
  ['another repository', `${WORKFLOW}@refs/tags/* repository=https://github.com/acme/other`],
])('denies what %s was to sign', async (_, line) => {
  const on = await stage();
  await signKeyless(on.registry, on.repository, on);
  const denied = verify(on, { wanted: [parseIdentity(line)] });
  await expect(denied).rejects.toThrow(
    `is by ${WORKFLOW}@refs/tags/v1.0.0 for https://github.com/acme/digits`,
  );
});

it('believes the authority that is trusted, and no other', async () => {
  const on = await stage();
  const theirs = await openAuthority();
  await signKeyless(on.registry, on.repository, { ...on, signer: theirs.signer });
  await expect(verify(on)).rejects.toThrow('is not good');
  expect(await verify(on, { roots: [...on.roots, ...theirs.roots] })).toMatchObject({
    issuer: GITHUB_ISSUER,
  });
});

it('asks what is trusted for the log, also where another vouches for times', async () => {
  const on = await stage();
  const [stored, ...more] = await signed(on);
  expect(more).toEqual([]);
  const { 'dev.sigstore.cosign/bundle': entry, ...annotations } = stored!.annotations!;
  expect(entry).toBeDefined();
  await addSignature(on.registry, on.repository, { ...stored!, annotations, image: on.other });
  await expect(verify(on, { image: on.other })).rejects.toThrow('expected 1 timestamps, got 0');
});

const signed = async (on: Stage) => {
  await signKeyless(on.registry, on.repository, on);
  return readSignatures(on.registry, on.repository, on);
};

it('denies a good signature that is of another image', async () => {
  const on = await stage();
  const [stored] = await signed(on);
  await addSignature(on.registry, on.repository, { ...stored!, image: on.other });
  await expect(verify(on, { image: on.other })).rejects.toThrow(`it is of ${on.image}`);
});

it.each([
  ['the payload', { payload: Buffer.from('{}') }],
  ['the signature', { signature: Buffer.alloc(70, 1) }],
])('denies a signature where %s was changed', async (_, change) => {
  const on = await stage();
  const [stored] = await signed(on);
  await addSignature(on.registry, on.repository, { ...stored!, ...change, image: on.other });
  await expect(verify(on, { image: on.other })).rejects.toThrow('is not good');
});

it('denies the time of an entry that the log did not give', async () => {
  const on = await stage();
  const [stored] = await signed(on);
  const { 'dev.sigstore.cosign/bundle': entry = '' } = stored!.annotations!;
  const forged = entry.replace(
    /"integratedTime":(\d+)/,
    (_, time: string) => `"integratedTime":${Number(time) + 1}`,
  );
  expect(forged).not.toBe(entry);
  const annotations = { ...stored!.annotations, 'dev.sigstore.cosign/bundle': forged };
  await addSignature(on.registry, on.repository, { ...stored!, annotations, image: on.other });
  await expect(verify(on, { image: on.other })).rejects.toThrow('is not good');
});

const statementOf = (image: string, predicateType: string): Uint8Array =>
  Buffer.from(
    JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: '', digest: { sha256: image.slice('sha256:'.length) } }],
      predicateType,
      predicate: {},
    }),
  );

it.each([
  ['takes a bundle that signs the image', 'https://sigstore.dev/cosign/sign/v1', undefined],
  ['takes no bundle that states something else', 'https://slsa.dev/provenance/v1', 'which is no signature'],
])('%s', async (_, predicateType, words) => {
  const on = await stage();
  const bundle = await on.signer.signStatement(
    statementOf(on.image, predicateType),
    'application/vnd.in-toto+json',
  );
  const document = { artifactType: BUNDLE_TYPE, bytes: Buffer.from(JSON.stringify(bundle)) };
  await attachDocument(on.registry, on.repository, { subject: on.subject, document });
  if (words === undefined) expect(await verify(on)).toMatchObject({ issuer: GITHUB_ISSUER });
  else await expect(verify(on)).rejects.toThrow(words);
});

it('takes no bundle that signs another image', async () => {
  const on = await stage();
  const statement = statementOf(on.other, 'https://sigstore.dev/cosign/sign/v1');
  const bundle = await on.signer.signStatement(statement, 'application/vnd.in-toto+json');
  const document = { artifactType: BUNDLE_TYPE, bytes: Buffer.from(JSON.stringify(bundle)) };
  await attachDocument(on.registry, on.repository, { subject: on.subject, document });
  await expect(verify(on)).rejects.toThrow(`it is of ${on.other}`);
});

/** Bundles of which each signs the image; answers their digests. */
async function attachBundles(on: Stage, count: number): Promise<readonly Digest[]> {
  const digests: Digest[] = [];
  for (let each = 0; each < count; each++) {
    const statement = statementOf(on.image, 'https://sigstore.dev/cosign/sign/v1');
    const bundle = await on.signer.signStatement(statement, 'application/vnd.in-toto+json');
    const document = { artifactType: BUNDLE_TYPE, bytes: Buffer.from(JSON.stringify(bundle)) };
    digests.push(await attachDocument(on.registry, on.repository, { subject: on.subject, document }));
  }
  return digests;
}

it('needs no referrers where a signature under the tag fits', async () => {
  const on = await stage();
  await signed(on);
  on.registryServer.faults.inject({ kind: 'answer', status: 403, path: /\/referrers\//, times: 99 });
  expect(await verify(on)).toMatchObject({ issuer: GITHUB_ISSUER });
});

it('looks at the other bundles where one cannot be fetched', async () => {
  const on = await stage();
  const [lost, kept] = await attachBundles(on, 2);
  const lose = (digest: Digest | undefined) =>
    on.registryServer.faults.inject({
      kind: 'answer',
      status: 404,
      path: new RegExp(`/manifests/${digest}`),
      times: 99,
    });
  lose(lost);
  expect(await verify(on)).toMatchObject({ issuer: GITHUB_ISSUER });
  lose(kept);
  await expect(verify(on)).rejects.toMatchObject({ code: 'untrusted' });
});

it('calls no image untrusted because the run was cancelled', async () => {
  const on = await stage();
  await attachBundles(on, 1);
  const run = new AbortController();
  const readBlob = on.registry.readBlob.bind(on.registry);
  on.registry.readBlob = (...asked) => {
    run.abort();
    return readBlob(...asked);
  };
  const verified = verify(on, { signal: run.signal });
  await expect(verified).rejects.toMatchObject({ code: 'cancelled' });
});

it.each([
  ['/api/v2/signingCert', 'id-token: write'],
  ['/api/v1/log/entries', 'try again later'],
])('says what to do where %s refuses, without the token', async (path, words) => {
  const { server, signer } = await openAuthority();
  server.deny(path, 403);
  const error: unknown = await signer.signBytes(Buffer.from('x')).catch((refused: unknown) => refused);
  if (!hasCode(error, 'upstream')) throw error;
  expect(error.message).toContain('(403) denied');
  expect(error.hint).toContain(words);
  expect(server.tokens.issued).toHaveLength(1);
  expect(`${JSON.stringify(error)} ${String(error)}`).not.toContain(server.tokens.issued[0]);
});

const CA_ALONE = '{"certificateAuthorities":[{"certChain":{"certificates":[{"rawBytes":"MA=="}]}}]}';

it.each([
  ['nothing', '', 'it is empty'],
  ['blank lines', '\n \n', 'it is empty'],
  ['words', 'trust me', 'it is not JSON'],
  ['another document', '{"certificateAuthorities":"none"}', 'is not valid'],
  ['nobody', '{"certificateAuthorities":[]}', 'it trusts no certificate authority'],
  ['no time', CA_ALONE, 'neither a log nor a timestamp authority'],
  ['one that is half', '{"certificateAuthorities":[{}]}', 'certChain: expected an object'],
])('does not trust %s', async (_, text, words) => {
  await expect(parseTrustedRoots(text)).rejects.toThrow(words);
});

it('reads several roots, one a line', async () => {
  const { server } = await openAuthority();
  const line = JSON.stringify(server.trustedRoot);
  expect(await parseTrustedRoots(`${line}\n${line}\n`)).toHaveLength(2);
});
