import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reference } from '@modelpier/backstage-plugin-modelpier-common';
import { anonymous, createRegistry } from '@modelpier/backstage-plugin-modelpier-node';
import { parsePublicKey } from '../../action/src/signature/keys';
import { verifySignature } from '../../action/src/signature/verify-signature';
import { attempt, run } from '../tools/command';
import { COSIGN, findDebianTool } from '../tools/debian-tool';
import { proveImage } from './prove-image';

/** What is said of an image beside it, on a real registry and by the real cosign; sigstore's servers are not reached. */
const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'modelpier');
const PASSWORD = 'open sesame';
const signal = AbortSignal.timeout(280_000);
const registry = createRegistry({ credentials: anonymous });

const WORKFLOW = {
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REF: 'refs/tags/v1.0.0',
  GITHUB_WORKFLOW_REF: 'acme/mnist-mlp/.github/workflows/release.yml@refs/tags/v1.0.0',
  GITHUB_REPOSITORY_ID: '1',
  GITHUB_REPOSITORY_OWNER_ID: '2',
  GITHUB_RUN_ATTEMPT: '1',
  RUNNER_ENVIRONMENT: 'self-hosted',
};

let folder: string;
let cosign: string;
const env = { PATH: process.env['PATH'], HOME: '', COSIGN_PASSWORD: PASSWORD };

beforeAll(async () => {
  cosign = await findDebianTool(COSIGN, { cache: CACHE, signal });
  folder = await mkdtemp(join(tmpdir(), 'modelpier-proof-'));
  env.HOME = folder;
  await mkdir(join(folder, 'workspace'));
  await writeFile(join(folder, 'workspace/model.bin'), 'weights');
  await writeFile(
    join(folder, 'workspace/model.yaml'),
    'apiVersion: modelpier.io/v1\nkind: Model\nmetadata: { name: proof }\nspec: { files: [model.bin] }\n',
  );
  await run({ program: cosign, args: ['generate-key-pair'], cwd: folder, env, signal });
});
afterAll(async () => {
  await registry.close();
  await rm(folder, { recursive: true });
});

const build = (name: string, inputs: Readonly<Record<string, string>>): Promise<Reference> =>
  proveImage({ registry, folder, about: 'proof', github: WORKFLOW, signal }, name, inputs);

const nameOf = ({ registry: host, path, digest }: Reference): string => `${host}/${path}@${digest ?? ''}`;
const cosignVerify = (image: Reference) => {
  const options = ['--key', join(folder, 'cosign.pub'), '--insecure-ignore-tlog', '--allow-http-registry'];
  return attempt({ program: cosign, args: ['verify', ...options, nameOf(image)], env, signal });
};
const sign = async (): Promise<Record<string, string>> => ({
  sign: 'key',
  'sign-key': await readFile(join(folder, 'cosign.key'), 'utf8'),
  'sign-password': PASSWORD,
});

it('signs with a key of cosign, and cosign verifies the image', async () => {
  const image = await build('signed', { ...(await sign()), sbom: 'true' });

  const { code, stdout, stderr } = await cosignVerify(image);

  expect([code, stderr]).toEqual([0, expect.stringContaining('The signatures were verified')]);
  const [said] = JSON.parse(stdout) as { critical: { image: Record<string, string> } }[];
  expect(said?.critical.image['docker-manifest-digest']).toBe(image.digest);
});

it('is not verified by cosign where nobody signed', async () => {
  const { code, stderr } = await cosignVerify(await build('unsigned', { sbom: 'true' }));
  expect(code).not.toBe(0);
  expect(stderr).toContain('no signatures found');
});

it('verifies what cosign has signed, beside a signature of its own, and nothing else', async () => {
  const key = parsePublicKey(await readFile(join(folder, 'cosign.pub'), 'utf8'));
  const image = await build('by-cosign', {});
  const target = { ...image, image: image.digest!, key, signal };
  await expect(verifySignature(registry, target)).rejects.toThrow('it has no signature');

  const options = [
    '--key',
    join(folder, 'cosign.key'),
    '--tlog-upload=false',
    '--allow-http-registry',
    '--yes',
  ];
  await run({ program: cosign, args: ['sign', ...options, nameOf(image)], env, signal });

  await expect(verifySignature(registry, target)).resolves.toMatch(/^key sha256:/);
  await build('by-cosign', await sign());
  const { document } = await registry.getManifest(image, `${image.digest!.replace(':', '-')}.sig`);
  expect('layers' in document ? document.layers : []).toHaveLength(1);
});

it('adds to what others have signed, and cosign verifies both', async () => {
  const image = await build('both', await sign());
  const theirs = join(folder, 'theirs');
  await mkdir(theirs, { recursive: true });
  await run({ program: cosign, args: ['generate-key-pair'], cwd: theirs, env, signal });
  await build('both', { ...(await sign()), 'sign-key': await readFile(join(theirs, 'cosign.key'), 'utf8') });

  expect((await cosignVerify(image)).code).toBe(0);
  const key = parsePublicKey(await readFile(join(theirs, 'cosign.pub'), 'utf8'));
  await expect(verifySignature(registry, { ...image, image: image.digest!, key, signal })).resolves.toMatch(
    /^key/,
  );
});

it('keeps the SBOM in the list of referrers, of a registry without the API too', async () => {
  const image = await build('sbom', { sbom: 'true' });
  const [referrer, ...more] = await registry.listReferrers(image, image.digest!);
  expect(more).toEqual([]);
  expect(referrer?.artifactType).toBe('application/vnd.cyclonedx+json');
  const { document } = await registry.getManifest(image, referrer!.digest);
  const [layer] = 'layers' in document ? document.layers : [];
  const sbom = JSON.parse(Buffer.from(await registry.readBlob(image, layer!)).toString('utf8')) as object;
  expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { version: image.digest } } });
});

it('says where an image comes from, and cosign verifies that', async () => {
  const image = await build('provenance', { ...(await sign()), provenance: 'true' });
  const key = ['--key', join(folder, 'cosign.pub'), '--type', 'slsaprovenance1'];
  const options = [...key, '--insecure-ignore-tlog', '--allow-http-registry'];
  const args = ['verify-attestation', ...options, nameOf(image)];

  const { stdout } = await run({ program: cosign, args, env, signal });

  const { payload } = JSON.parse(stdout) as { readonly payload: string };
  expect(JSON.parse(Buffer.from(payload, 'base64').toString('utf8'))).toMatchObject({
    subject: [{ digest: { sha256: image.digest!.slice('sha256:'.length) } }],
    predicate: { runDetails: { builder: { id: 'https://github.com/actions/runner/self-hosted' } } },
  });
  expect((await cosignVerify(image)).code).toBe(0);
});
