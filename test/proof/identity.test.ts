import type { Report } from '@modelpier/backstage-plugin-modelpier-common';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emptyFiles, openStage, readReport, readSummary, type Stage, startStep } from '../faults/step';
import { type SigstoreServer, startSigstore } from '../servers/sigstore/server';
import { WORKFLOW } from './workflow-run';

let stage: Stage;
let sigstore: SigstoreServer;
beforeEach(async () => {
  [stage, sigstore] = await Promise.all([openStage(), startSigstore()]);
  await keep('signing_config.json', sigstore.signingConfig);
  await keep('trusted_root.json', sigstore.trustedRoot);
});
afterEach(() => Promise.all([stage.close(), sigstore.close()]));

const keep = (name: string, document: unknown) =>
  writeFile(join(stage.folder, 'workspace', name), JSON.stringify(document));

const SUBJECT = 'https://github.com/acme/digits/.github/workflows/release.yml@refs/tags/v1.0.0';
const SIGN = { INPUT_SIGN: 'keyless', 'INPUT_SIGNING-CONFIG': 'signing_config.json' };
const PROVENANCE = { ...WORKFLOW, INPUT_PROVENANCE: 'auto', 'INPUT_SIGNING-CONFIG': 'signing_config.json' };
const VERIFY = {
  INPUT_VERIFY: 'identity',
  'INPUT_VERIFY-IDENTITY': SUBJECT,
  'INPUT_TRUSTED-ROOT': 'trusted_root.json',
};

async function run(more: Readonly<Record<string, string>>) {
  await emptyFiles(stage);
  const { exitCode, output } = await startStep(stage, { more }).ended;
  return { exitCode, output, report: await readReport(stage) };
}
const build = (more: Readonly<Record<string, string>>) => run({ INPUT_MODE: 'build', ...more });
const deploy = (image: string, more: Readonly<Record<string, string>>) =>
  run({ INPUT_MODE: 'deploy', INPUT_IMAGE: image, INPUT_TAGS: '', ...more });
const ofProvenance = ({ warnings }: Report) => warnings.filter(warning => warning.includes('provenance'));
const changesOf = ({ cluster }: Stage) => cluster.faults.requests.filter(({ method }) => method !== 'GET');

it('signs as the job before any tag names the image, and deploys what that job has signed', async () => {
  const built = await build({ ...SIGN, ...sigstore.environment });
  expect(built.report.proof?.signature?.by).toBe('keyless');
  expect(built.output).toContain(`as ${SUBJECT}`);
  const puts = stage.server.requests.filter(
    ({ method, path }) => method === 'PUT' && path.includes('/manifests/'),
  );
  expect(puts.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)).slice(-3)).toEqual([
    `${built.report.image!.digest.replace(':', '-')}.sig`,
    '1.0.0',
    'latest',
  ]);

  const image = built.report.image!.reference;
  const { report } = await deploy(image, VERIFY);

  expect(report.proof?.verified).toEqual({ by: 'identity', image, signer: SUBJECT });
  expect(report.deployment?.status).toBe('healthy');
});

it.each([
  ['nobody has signed', {}, 'it has no signature'],
  [
    'somebody else has signed',
    { ...SIGN, by: 'acme/other/.github/workflows/x.yml@refs/heads/main' },
    'is by',
  ],
])('applies and tags nothing that %s', async (_, { by, ...sign }: Record<string, string>, words) => {
  const { registry, repository } = stage;
  if (by !== undefined) sigstore.tokens.claims = { ...sigstore.tokens.claims, job_workflow_ref: by };
  const built = await build({ ...sign, ...sigstore.environment, INPUT_TAGS: 'type=sha' });

  const deployed = await deploy(built.report.image!.reference, VERIFY);
  const promoted = await run({ INPUT_MODE: 'promote', INPUT_TAGS: '1.0.0', ...VERIFY });

  for (const { exitCode, output } of [deployed, promoted]) {
    expect(exitCode).toBe(1);
    expect(output).toContain(words);
  }
  expect(await registry.headManifest(repository, '1.0.0')).toBeUndefined();
  expect(changesOf(stage)).toEqual([]);
});

it('deploys nothing where what is trusted cannot be read', async () => {
  await writeFile(join(stage.folder, 'workspace', 'trusted_root.json'), '{}');
  const built = await build({ ...SIGN, ...sigstore.environment });
  const { exitCode, output } = await deploy(built.report.image!.reference, VERIFY);
  expect(exitCode).toBe(1);
  expect(output).toContain('trusted-root is not valid');
  expect(changesOf(stage)).toEqual([]);
});

it('pushes nothing where the job may not say who it is', async () => {
  const { exitCode, output } = await build(SIGN);
  expect(exitCode).toBe(1);
  expect(output).toContain('add `id-token: write`');
  expect(stage.server.requests).toEqual([]);
});

it('keeps its token of identity out of every line and file, also where it is refused', async () => {
  for (const status of [undefined, 401]) {
    sigstore.deny('/api/v2/signingCert', status);
    const { exitCode, output } = await build({ ...SIGN, ...PROVENANCE, ...sigstore.environment });
    expect(exitCode).toBe(status === undefined ? 0 : 1);
    const lines = output.split('\n').filter(line => !line.startsWith('::add-mask::'));
    const written = await Promise.all(
      ['summary', 'output', 'state', 'modelpier-report.json'].map(name =>
        readFile(join(stage.folder, name), 'utf8'),
      ),
    );
    const said = [...lines, ...written].join('\n');
    expect(sigstore.tokens.issued.length).toBeGreaterThan(0);
    for (const token of sigstore.tokens.issued) expect(said).not.toContain(token.split('.')[2]);
  }
});

it('gives GitHub the provenance, signed as the job, and keeps it beside the image', async () => {
  const { report, output } = await build({ ...PROVENANCE, ...sigstore.environment });

  expect(stage.github.attestations).toHaveLength(1);
  expect(ofProvenance(report)).toEqual([]);
  expect(report.proof?.provenance?.attestation).toBe('https://github.com/acme/digits/attestations/1');
  expect(await readSummary(stage)).toContain('https://github.com/acme/digits/attestations/1');
  const [referrer, ...more] = await stage.registry.listReferrers(stage.repository, report.image!.digest);
  expect(more).toEqual([]);
  expect(output).toContain(`provenance of ${report.image!.digest}: `);
  expect(referrer).toMatchObject({
    artifactType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    annotations: { 'dev.sigstore.bundle.predicateType': 'https://slsa.dev/provenance/v1' },
  });

  await build({ ...PROVENANCE, ...sigstore.environment, GITHUB_RUN_ID: '2' });
  expect(stage.github.attestations).toHaveLength(1);
});

it.each([
  [
    'GitHub may not keep it',
    {
      mayAsk: true,
      status: 403,
      words: 'add `attestations: write`',
      kind: 'vnd.dev.sigstore.bundle.v0.3+json',
    },
  ],
  [
    'the job may not say who it is',
    { mayAsk: false, status: 500, words: 'add `id-token: write`', kind: 'vnd.in-toto+json' },
  ],
] as const)('goes on with one warning where %s', async (_, { mayAsk, status, words, kind }) => {
  const message = 'Resource not accessible by integration';
  stage.github.plant({ path: /attestations/, status, message });
  const asking = mayAsk ? sigstore.environment : {};
  const { exitCode, report } = await build({ ...PROVENANCE, ...asking });
  expect(exitCode).toBe(0);
  expect(ofProvenance(report)).toEqual([expect.stringContaining(words)]);
  expect(report.proof?.provenance?.attestation).toBeUndefined();
  const [referrer, ...more] = await stage.registry.listReferrers(stage.repository, report.image!.digest);
  expect(more).toEqual([]);
  expect(referrer?.artifactType).toBe(`application/${kind}`);
});

it('signs the provenance as it signs the image', async () => {
  const { report } = await build({ ...SIGN, ...WORKFLOW, INPUT_PROVENANCE: 'true', ...sigstore.environment });
  const referrers = await stage.registry.listReferrers(stage.repository, report.image!.digest);
  expect(referrers.map(({ artifactType }) => artifactType)).toEqual([
    'application/vnd.dev.sigstore.bundle.v0.3+json',
  ]);
  expect(stage.github.attestations).toEqual([]);
});
