import {
  type AllocatedResource,
  allocationAnswer,
  releasesPage,
  reuseAnswer,
  routes,
  versionDetail,
} from '@modelpier/backstage-plugin-modelpier-common';
import { mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { releaseTag, runBundle, type ActionResult } from '../../examples/demo/run-action';
import { conforms, runConformance } from '../conformance/run-conformance';
import { renderTable } from '../conformance/table';
import { accessibilityFaults, openPage, startBrowser } from './browser';
import { createIdentities, type Identities } from './identities';
import { bytesOf, clusterTotals, newBytes, rawVersions } from './independent';
import { readyPods } from './pods';
import { kubectl } from './kubectl';
import { closePortal, ENTITY, openPortal } from './portal-world';
import { goldenOutput, largestDifference, predict, trainModel } from './python';
import { BASE_IMAGE, NAMESPACE, REPOSITORY, REPOSITORY_PATH } from './real';
import { readRawManifest } from './registry-reader';

const FOLDER = join(__dirname, '../../.modelpier/e2e');
const WORKSPACE = join(FOLDER, 'workspace');
let identities: Identities;

/** Words that a tab shows only with data of this very model. */
const TABS: Readonly<Record<string, readonly string[]>> = {
  overview: ['1.1.0', NAMESPACE],
  versions: ['1.2.0', '1.1.0', '1.0.1', '1.0.0'],
  deployments: [NAMESPACE, 'production'],
  resources: ['CPU', 'R = T / N'],
  reuse: ['R = 1'],
};

afterAll(closePortal);

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
    // Masks are for GitHub's runner, which hides them.
    onLine: line => process.stdout.write(line.startsWith('::add-mask::') ? '' : `    ${line}\n`),
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
  expect(report?.deployment?.timeline.map(({ status }) => status.message)).toContainEqual(
    expect.stringMatching(/^pod mnist-mlp-\S+: model mnist-mlp 1\.0\.0 is ready$/),
  );
  const pushed = await readRawManifest(REPOSITORY_PATH, '1.0.0');
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

it('stops a broken model before it is pushed; told to ship it, goes back to the release whose pods serve all the time', async () => {
  const serving = (await readRawManifest(REPOSITORY_PATH, '1.1.0')).digest;
  await truncate(join(WORKSPACE, 'model.pt'), 100_000);
  const stopped = await release('1.2.0');
  expect(stopped.report?.failure?.message).toContain('model.pt at byte 0: it begins as an archive');
  expect(stopped.report?.image).toBeUndefined();

  const { exitCode, report, summary } = await release('1.2.0', { scan: 'warn' });
  expect(exitCode).toBe(1);
  expect(report?.deployment).toMatchObject({
    status: 'rolled-back',
    previousImage: `${REPOSITORY}@${serving}`,
    rollback: { to: { version: '1.1.0' }, outcome: 'healthy' },
  });
  expect(report?.failure?.message).toMatch(/exit code 1.*cannot serve the model/);
  expect(summary).toContain('rolled back to 1.1.0');
  await expectPredictions(serving);
});

it('refuses a namespace that the deployer has no right to, before anything is applied', async () => {
  const { exitCode, report } = await release('1.2.0', { namespace: 'default', scan: 'warn' });
  expect(exitCode).toBe(1);
  expect(report?.failure?.code).toBe('forbidden');
  expect(report?.failure?.message).toContain('system:serviceaccount:modelpier-e2e:deployer');
  expect(await kubectl('get', 'deployments,services,configmaps', '--namespace', 'default')).not.toContain(
    'mnist-mlp',
  );
});

it('shows in the portal, on PostgreSQL, what an independent computation finds', async () => {
  const { client } = await openPortal({
    folder: FOLDER,
    kubeconfig: identities.portal,
    repository: REPOSITORY,
  });
  const raw = await rawVersions();
  const page = await client.versions(ENTITY);
  expect(new Map(page.items.flatMap(({ tags, digest }) => tags.map(tag => [tag, digest])))).toEqual(
    new Map([...raw].map(([tag, { digest }]) => [tag, digest])),
  );
  for (const { digest, sizeBytes, newBytes: fresh, reuseRatio, tags } of page.items) {
    const { previous } = await client.read(routes.version(ENTITY, digest), versionDetail);
    const own = raw.get(tags[0] ?? '');
    const before = [...raw.values()].filter(version => version.digest === previous);
    expect(sizeBytes).toBe(bytesOf(own?.layers ?? []));
    expect(fresh).toBe(newBytes(own === undefined ? [] : [own], before));
    expect(reuseRatio).toBeCloseTo(1 - (fresh ?? NaN) / sizeBytes, 12);
  }

  const { fleet } = await client.read(routes.reuse(ENTITY), reuseAnswer);
  const all = [...raw.values()];
  const total = bytesOf(all.flatMap(({ layers }) => layers));
  expect(fleet).toMatchObject({ totalBytes: total, newBytes: newBytes(all) });
  expect(fleet.ratio).toBeCloseTo(1 - newBytes(all) / total, 12);
});

it('tells the running digest, the release that was rolled back and the allocation as the cluster has them', async () => {
  const { client } = await openPortal({
    folder: FOLDER,
    kubeconfig: identities.portal,
    repository: REPOSITORY,
  });
  const serving = (await readRawManifest(REPOSITORY_PATH, '1.1.0')).digest;
  const [deployment, ...others] = (await client.deployments(ENTITY)).items;
  expect(others).toEqual([]);
  expect(deployment).toMatchObject({
    namespace: NAMESPACE,
    environment: 'production',
    version: '1.1.0',
    actor: 'ada',
  });
  expect(deployment?.runningDigests).toContain(serving);
  expect(deployment?.replicas.ready).toBe(3);
  expect(deployment?.status.state).toBe('Current');
  const { items: releases } = await client.read(routes.releases(ENTITY), releasesPage);
  expect(releases.map(({ version, verdict }) => `${version} ${verdict}`).slice(0, 2)).toEqual([
    '1.2.0 rolled-back',
    '1.1.0 healthy',
  ]);

  const { scopes } = await client.read(routes.allocation(ENTITY), allocationAnswer);
  const totals = await clusterTotals();
  const resource = (name: string): AllocatedResource | undefined =>
    scopes.flatMap(({ resources }) => resources).find(each => each.resource === name);
  expect(resource('cpu')).toMatchObject({
    total: `${totals.milliCpu}m`,
    containers: totals.containers,
    fairShare: `${Math.round(totals.milliCpu / totals.containers)}m`,
  });
  expect(resource('memory')).toMatchObject({ total: String(totals.bytes), containers: totals.containers });
  expect(Number(resource('memory')?.fairShare)).toBeCloseTo(totals.bytes / totals.containers, -1);
});

it.each(['light', 'dark'] as const)('shows every tab in Chromium without a fault, %s', async scheme => {
  const { url } = await openPortal({ folder: FOLDER, kubeconfig: identities.portal, repository: REPOSITORY });
  const browser = await startBrowser();
  try {
    const { page, troubles } = await openPage(browser, scheme);
    for (const [tab, words] of Object.entries(TABS)) {
      await page.goto(
        `${url}/catalog/default/component/mnist-mlp/model${tab === 'overview' ? '' : `/${tab}`}`,
      );
      for (const word of words) await page.getByText(word).first().waitFor({ timeout: 30_000 });
      await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
      await page.screenshot({ path: join(FOLDER, `portal-${tab}-${scheme}.png`), fullPage: true });
      expect(await accessibilityFaults(page, '[role=tabpanel]')).toEqual([]);
    }
    expect(troubles).toEqual([]);
  } finally {
    await browser.close();
  }
});
