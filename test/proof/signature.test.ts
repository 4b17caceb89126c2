import { generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emptyFiles, openStage, readReport, readSummary, type Stage, startStep } from '../faults/step';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const passphrase = 'open sesame';
const privatePem = pair.privateKey
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
  .toString();
const publicPem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const SIGN = { INPUT_SIGN: 'key', 'INPUT_SIGN-KEY': privatePem, 'INPUT_SIGN-PASSWORD': passphrase };
const VERIFY = { INPUT_VERIFY: 'key', 'INPUT_VERIFY-KEY': publicPem };

async function run(more: Readonly<Record<string, string>>) {
  await emptyFiles(stage);
  const { exitCode, output } = await startStep(stage, { more }).ended;
  return { exitCode, output, report: await readReport(stage) };
}
const changesOf = ({ cluster }: Stage) => cluster.faults.requests.filter(({ method }) => method !== 'GET');

it('signs before any tag names the image, and deploys what the key has signed', async () => {
  const { server } = stage;
  const built = await run({ INPUT_MODE: 'build', ...SIGN });
  expect(built.report.proof?.signature?.by).toBe('key');
  expect(built.report.proof?.verified).toBeUndefined();
  const puts = server.requests.filter(({ method, path }) => method === 'PUT' && path.includes('/manifests/'));
  expect(puts.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)).slice(-3)).toEqual([
    `${built.report.image!.digest.replace(':', '-')}.sig`,
    '1.0.0',
    'latest',
  ]);

  const image = built.report.image!.reference;
  const deployed = await run({ INPUT_MODE: 'deploy', INPUT_IMAGE: image, INPUT_TAGS: '', ...VERIFY });

  expect(deployed.output).toContain('is signed by key sha256:');
  expect(deployed.report.proof?.verified).toMatchObject({ by: 'key', image });
  expect(deployed.report.deployment?.status).toBe('healthy');
  expect(await readSummary(stage)).toContain('signature by key sha256:');
});

it('applies nothing where the image is not signed', async () => {
  const built = await run({ INPUT_MODE: 'build' });
  const image = built.report.image!.reference;
  const { exitCode, output } = await run({
    INPUT_MODE: 'deploy',
    INPUT_IMAGE: image,
    INPUT_TAGS: '',
    ...VERIFY,
  });
  expect(exitCode).toBe(1);
  expect(output).toContain(`verify ${image}: it has no signature`);
  expect(changesOf(stage)).toEqual([]);
});

it('gives no tag of a release to an image that another key has signed', async () => {
  const { registry, repository } = stage;
  const theirs = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const pem = theirs.export({ type: 'pkcs8', format: 'pem' }).toString();
  await run({ INPUT_MODE: 'build', INPUT_TAGS: 'type=sha', INPUT_SIGN: 'key', 'INPUT_SIGN-KEY': pem });

  const { exitCode, output } = await run({ INPUT_MODE: 'promote', INPUT_TAGS: '1.0.0', ...VERIFY });

  expect(exitCode).toBe(1);
  expect(output).toContain('its signature is by another key');
  expect(await registry.headManifest(repository, '1.0.0')).toBeUndefined();
  expect(changesOf(stage)).toEqual([]);
});

it('keeps key and password out of every line and file, also where the password is wrong', async () => {
  for (const password of [passphrase, 'open barley']) {
    const { output, exitCode } = await run({ INPUT_MODE: 'build', ...SIGN, 'INPUT_SIGN-PASSWORD': password });
    expect(exitCode).toBe(password === passphrase ? 0 : 1);
    const lines = output.split('\n').filter(line => !line.startsWith('::add-mask::'));
    const written = await Promise.all(
      ['summary', 'output', 'state', 'modelpier-report.json'].map(name =>
        readFile(join(stage.folder, name), 'utf8'),
      ),
    );
    const said = [...lines, ...written].join('\n');
    for (const secret of [password, ...privatePem.split('\n').slice(1, -2)])
      expect(said).not.toContain(secret);
  }
});

it('pushes nothing where the password does not open the key', async () => {
  const { output } = await run({ INPUT_MODE: 'build', ...SIGN, 'INPUT_SIGN-PASSWORD': 'open barley' });
  expect(output).toContain('sign-key: its PEM holds no key that can be read');
  expect(stage.server.requests).toEqual([]);
});
