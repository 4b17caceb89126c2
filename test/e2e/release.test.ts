import { mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { releaseTag, runBundle, type ActionResult } from '../../examples/demo/run-action';
import { conforms, runConformance } from '../conformance/run-conformance';
import { renderTable } from '../conformance/table';
import { createIdentities, type Identities } from './identities';
import { readyPods } from './pods';
import { goldenOutput, largestDifference, predict, trainModel } from './python';
import { BASE_IMAGE, REPOSITORY } from './real';
import { readRawManifest } from './registry-reader';

const FOLDER = join(__dirname, '../../.modelpier/e2e');
const WORKSPACE = join(FOLDER, 'workspace');
let identities: Identities;

beforeAll(async () => {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(WORKSPACE, { recursive: true });
  identities = await createIdentities(FOLDER);
});

const release = (version: string, inputs: Readonly<Record<string, string>> = {}): Promise<ActionResult> =>
  runBundle({
    bundle: join(__dirname, '../../dist/index.js'),
    workspace: WORKSPACE,
    folder: join(FOLDER, `release-${version}`),
    github: releaseTag(version),
    inputs: {
      images: REPOSITORY,
      'base-image': BASE_IMAGE,
      code: 'labels.py',
      kubeconfig: identities.deployer,
      environment: 'production',
      ...inputs,
    },
    onLine: line => process.stdout.write(`    ${line}\n`),
  });

async function expectPredictions(digest: string): Promise<void> {
  const [pods, expected] = [await readyPods(), await goldenOutput(WORKSPACE)];
  expect(pods).toHaveLength(3);
  for (const { status } of pods) {
    expect(status.containerStatuses?.[0]?.imageID).toContain(digest);
    expect(largestDifference(await predict(status.podIP, WORKSPACE), expected)).toBeLessThan(1e-5);
  }
}

it('trains the perceptron of the seed with PyTorch on real digits', async () => {
  await writeFile(join(WORKSPACE, 'labels.py'), 'LABELS = "0123456789"\n');
  expect(await trainModel(WORKSPACE, { seed: 1, epochs: 10 })).toBeGreaterThan(0.9);
});

it('releases it: three pods run the pushed digest and answer as PyTorch does', async () => {
  const { exitCode, report } = await release('1.0.0');
  expect(exitCode).toBe(0);
  expect(report?.deployment).toMatchObject({ status: 'healthy', replicas: { ready: 3, desired: 3 } });
  const pushed = await readRawManifest('e2e/mnist-mlp', '1.0.0');
  expect(report?.image?.digest).toBe(pushed.digest);
  expect(report?.image?.bytesTotal).toBe(pushed.layers.reduce((sum, { size }) => sum + size, 0));
  expect(report?.image?.layers.filter(({ fate }) => fate === 'uploaded').map(({ kind }) => kind)).toEqual([
    'weights',
    'code',
  ]);
  await expectPredictions(pushed.digest);
});

it('serves the Open Inference Protocol to the letter', async () => {
  const [pod] = await readyPods();
  const results = await runConformance({
    baseUrl: `http://${pod?.status.podIP ?? ''}:8080`,
    model: 'mnist-mlp',
    fetch,
  });
  process.stdout.write(`${renderTable(results)}\n`);
  expect(conforms(results)).toBe(true);
});

it('does nothing when nothing changed', async () => {
  const before = await readyPods();
  const { exitCode, report } = await release('1.0.0');
  expect(exitCode).toBe(0);
  expect(report?.deployment?.status).toBe('unchanged');
  expect(report?.image).toMatchObject({ changed: false, bytesPushed: 0 });
  expect((await readyPods()).map(({ metadata }) => metadata.name)).toEqual(
    before.map(({ metadata }) => metadata.name),
  );
});

it('moves the code layer alone when only code changed', async () => {
  await writeFile(join(WORKSPACE, 'labels.py'), 'LABELS = [str(digit) for digit in range(10)]\n');
  const { report } = await release('1.0.1');
  expect(report?.deployment?.status).toBe('healthy');
  expect(report?.image?.layers.filter(({ fate }) => fate !== 'present').map(({ kind }) => kind)).toEqual([
    'code',
  ]);
});

it('moves the weights alone when the model was trained again', async () => {
  await trainModel(WORKSPACE, { seed: 2, epochs: 3 });
  const { report } = await release('1.1.0');
  expect(report?.deployment?.status).toBe('healthy');
  expect(report?.image?.layers.filter(({ fate }) => fate !== 'present').map(({ kind }) => kind)).toEqual([
    'weights',
  ]);
  await expectPredictions(report?.image?.digest ?? 'none');
});

it('reports a broken release and leaves the pods of the one before serving', async () => {
  const serving = (await readRawManifest('e2e/mnist-mlp', '1.1.0')).digest;
  await truncate(join(WORKSPACE, 'model.pt'), 100_000);
  const { exitCode, report, summary } = await release('1.2.0');
  expect(exitCode).toBe(1);
  expect(report?.deployment).toMatchObject({ status: 'failed', previousImage: `${REPOSITORY}@${serving}` });
  expect(report?.failure?.message).toContain('CrashLoopBackOff');
  expect(summary).toContain('go on serving');
  await expectPredictions(serving);
});

it('refuses a namespace that the deployer has no right to, before anything is applied', async () => {
  const { exitCode, report } = await release('1.2.0', { namespace: 'default' });
  expect(exitCode).toBe(1);
  expect(report?.failure?.code).toBe('forbidden');
  expect(report?.failure?.message).toContain('nothing was applied');
});
