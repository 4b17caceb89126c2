import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseIdentity, type Reference } from '@modelpier/backstage-plugin-modelpier-common';
import { anonymous, createRegistry } from '@modelpier/backstage-plugin-modelpier-node';
import { parseTrustedRoots } from '../../action/src/sigstore/trusted-root';
import { verifyIdentity } from '../../action/src/sigstore/verify-identity';
import { WORKFLOW } from '../proof/workflow-run';
import { type SigstoreServer, startSigstore } from '../servers/sigstore/server';
import { attempt, run } from '../tools/command';
import { COSIGN, findDebianTool } from '../tools/debian-tool';
import { proveImage } from './prove-image';

/** Signatures without a key, by the real cosign on a real registry; the sigstore instance is a stand-in of our own. */
const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'modelpier');
const signal = AbortSignal.timeout(280_000);
const registry = createRegistry({ credentials: anonymous });

const ISSUER = 'https://token.actions.githubusercontent.com';
const SUBJECT = 'https://github.com/acme/digits/.github/workflows/release.yml@refs/tags/v1.0.0';
const WANTED = ['--certificate-identity', SUBJECT, '--certificate-oidc-issuer', ISSUER];

let folder: string;
let cosign: string;
let sigstore: SigstoreServer;
let env: Record<string, string | undefined>;

beforeAll(async () => {
  cosign = await findDebianTool(COSIGN, { cache: CACHE, signal });
  folder = await mkdtemp(join(tmpdir(), 'modelpier-keyless-'));
  sigstore = await startSigstore();
  await mkdir(join(folder, 'workspace'));
  const files = {
    'workspace/model.bin': 'weights',
    'workspace/model.yaml':
      'apiVersion: modelpier.io/v1\nkind: Model\nmetadata: { name: keyless }\nspec: { files: [model.bin] }\n',
    'workspace/signing_config.json': JSON.stringify(sigstore.signingConfig),
    'trusted_root.json': JSON.stringify(sigstore.trustedRoot),
    'ca.pem': sigstore.pem.ca,
    'log.pem': sigstore.pem.log,
    'certificate-log.pem': sigstore.pem.certificateLog,
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  env = {
    PATH: process.env['PATH'],
    HOME: folder,
    SIGSTORE_ROOT_FILE: join(folder, 'ca.pem'),
    SIGSTORE_REKOR_PUBLIC_KEY: join(folder, 'log.pem'),
    SIGSTORE_CT_LOG_PUBLIC_KEY_FILE: join(folder, 'certificate-log.pem'),
  };
});
afterAll(async () => {
  await Promise.all([registry.close(), sigstore.close()]);
  await rm(folder, { recursive: true });
});

const build = (name: string, inputs: Readonly<Record<string, string>>): Promise<Reference> =>
  proveImage(
    {
      registry,
      folder,
      about: 'keyless',
      github: { ...WORKFLOW, GITHUB_REPOSITORY: 'acme/digits', ...sigstore.environment },
      signal,
    },
    name,
    inputs,
  );

const nameOf = ({ registry: host, path, digest }: Reference): string => `${host}/${path}@${digest ?? ''}`;
const KEYLESS = { sign: 'keyless', 'signing-config': 'signing_config.json' };
const verify = (image: Reference, wanted: readonly string[]) => {
  const args = ['verify', '--offline', '--allow-http-registry', ...wanted, nameOf(image)];
  return attempt({ program: cosign, args, env, signal });
};

it('signs as the job, and cosign verifies who it was', async () => {
  const image = await build('signed', KEYLESS);

  const { code, stdout, stderr } = await verify(image, WANTED);

  expect([code, stderr]).toEqual([0, expect.stringContaining('transparency log was verified offline')]);
  const [said] = JSON.parse(stdout) as { critical: { image: Record<string, string> } }[];
  expect(said?.critical.image['docker-manifest-digest']).toBe(image.digest);
  const others = await verify(image, [...WANTED.slice(0, 1), `${SUBJECT}.1`, ...WANTED.slice(2)]);
  expect([others.code === 0, others.stderr]).toEqual([
    false,
    expect.stringContaining('none of the expected identities'),
  ]);
});

it('verifies what cosign has signed without a key', async () => {
  const image = await build('by-cosign', {});
  const roots = await parseTrustedRoots(JSON.stringify(sigstore.trustedRoot));
  const asked = { ...image, image: image.digest!, wanted: [parseIdentity(SUBJECT)], roots, signal };
  await expect(verifyIdentity(registry, asked)).rejects.toThrow('it has no signature');

  const services = ['--fulcio-url', sigstore.url, '--rekor-url', sigstore.url];
  const token = ['--identity-token', sigstore.tokens.issue('sigstore')];
  const args = ['sign', ...services, ...token, '--allow-http-registry', '--yes', nameOf(image)];
  await run({ program: cosign, args, env, signal });

  expect(await verifyIdentity(registry, asked)).toMatchObject({ subject: SUBJECT, issuer: ISSUER });
});

it('says where an image comes from, and cosign verifies the bundle', async () => {
  const image = await build('provenance', { ...KEYLESS, provenance: 'true' });
  const args = [
    ...['verify-attestation', '--new-bundle-format', '--trusted-root', join(folder, 'trusted_root.json')],
    ...['--type', 'slsaprovenance1', '--allow-http-registry', ...WANTED, nameOf(image)],
  ];
  const { code, stderr } = await attempt({ program: cosign, args, env, signal });
  expect([code, stderr]).toEqual([0, expect.stringContaining('using trusted certificate authority')]);
});
