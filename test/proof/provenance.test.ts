import { generateKeyPairSync } from 'node:crypto';
import { openStatement } from '../../action/src/signature/attestation';
import { emptyFiles, openStage, readReport, type Stage, startStep } from '../faults/step';
import { WORKFLOW } from './workflow-run';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const SIGN = {
  INPUT_SIGN: 'key',
  'INPUT_SIGN-KEY': pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
};

async function build(more: Readonly<Record<string, string>>) {
  await emptyFiles(stage);
  const asked = { INPUT_MODE: 'build', INPUT_PROVENANCE: 'true', ...more };
  const { exitCode, output } = await startStep(stage, { more: asked }).ended;
  return { exitCode, output, report: await readReport(stage) };
}

/** The one document that a manifest holds. */
async function readDocument(tagOrDigest: string): Promise<Uint8Array> {
  const { registry, repository } = stage;
  const { document } = await registry.getManifest(repository, tagOrDigest);
  const [layer, ...more] = 'layers' in document ? document.layers : [];
  expect(more).toEqual([]);
  return registry.readBlob(repository, layer!);
}

it('keeps the first statement of where an image comes from beside the image', async () => {
  const { registry, repository } = stage;
  const { report } = await build(WORKFLOW);
  await build({ ...WORKFLOW, GITHUB_RUN_ID: '2' });

  const [referrer, ...more] = await registry.listReferrers(repository, report.image!.digest);
  expect(more).toEqual([]);
  expect(referrer?.artifactType).toBe('application/vnd.in-toto+json');
  const statement = Buffer.from(await readDocument(referrer!.digest)).toString('utf8');
  expect(JSON.parse(statement)).toMatchObject({
    predicateType: 'https://slsa.dev/provenance/v1',
    subject: [{ digest: { sha256: report.image!.digest.slice('sha256:'.length) } }],
    predicate: {
      runDetails: {
        metadata: { invocationId: 'https://github.com/acme/digits/actions/runs/1/attempts/1' },
      },
    },
  });
});

it('signs the statement where it signs the image, once', async () => {
  const { report } = await build({ ...WORKFLOW, ...SIGN });
  stage.server.requests.length = 0;
  await build({ ...WORKFLOW, ...SIGN, GITHUB_RUN_ID: '2' });

  const envelope = await readDocument(`${report.image!.digest.replace(':', '-')}.att`);
  expect(openStatement(envelope, pair.publicKey)).toBeDefined();
  const { publicKey: another } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  expect(openStatement(envelope, another)).toBeUndefined();
  expect(stage.server.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
});

it('pushes nothing where it cannot say what builds', async () => {
  const { exitCode, output } = await build({});
  expect(exitCode).toBe(1);
  expect(output).toContain('provenance: it is not known what builds: GITHUB_SERVER_URL');
  expect(stage.server.requests).toEqual([]);
});
