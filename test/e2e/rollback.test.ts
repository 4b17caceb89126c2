import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  formatDeployed,
  type Ledger,
  parseLedger,
  parseReference,
} from '@modelpier/backstage-plugin-modelpier-common';
import { type KubernetesObject, loadCluster, systemClock } from '@modelpier/backstage-plugin-modelpier-node';
import { parse } from 'yaml';
import { deployObjects } from '../../action/src/rollout/deploy';
import { type ActionResult, runBundle } from '../../examples/demo/run-action';
import { createIdentities, type Identities } from './identities';
import { kubectlJson } from './kubectl';
import { ADMIN_KUBECONFIG, BASE_IMAGE, NAMESPACE, REGISTRY, REPOSITORY_PATH as JOURNEY_PATH } from './real';
import { readRawManifest } from './registry-reader';

/** Its own: another test's images of the same commits must not be found here. */
const REPOSITORY_PATH = `${JOURNEY_PATH}-rollback`;
const REPOSITORY = `${REGISTRY}/${REPOSITORY_PATH}`;

/** Ledger, rollback and promotion on a real cluster and registry, with the documented rights alone. */
const FOLDER = join(__dirname, '../../.modelpier/e2e-rollback');
const WORKSPACE = join(FOLDER, 'workspace');
const BUNDLE = resolve(process.env['MODELPIER_BUNDLE'] ?? join(__dirname, '../../dist'), 'index.js');
/** A failed pull has to be taken back within this. */
const ROLLBACK_LIMIT_MS = 15_000;

const MODEL = `apiVersion: modelpier.io/v1
kind: Model
metadata: { name: mnist-mlp }
spec: { format: torchscript, files: [model.pt], runtime: { image: '${BASE_IMAGE}', port: 8080 } }
`;
/** Answers at once with next to nothing of a processor. */
const MANIFESTS = `apiVersion: apps/v1
kind: Deployment
metadata: { name: rollback }
spec:
  replicas: 1
  strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }
  selector: { matchLabels: { app: rollback } }
  template:
    metadata: { labels: { app: rollback } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: model
          image: ${REPOSITORY}
          command: [python3, -m, http.server, '8080']
          resources: { requests: { cpu: 10m, memory: 16Mi } }
          readinessProbe: { httpGet: { path: /, port: 8080 }, periodSeconds: 1 }
`;

let identities: Identities;
beforeAll(async () => {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(join(FOLDER, 'empty'), { recursive: true });
  await mkdir(WORKSPACE);
  await writeFile(join(WORKSPACE, 'model.yaml'), MODEL);
  await writeFile(join(WORKSPACE, 'k8s.yaml'), MANIFESTS);
  identities = await createIdentities(FOLDER);
});

interface Step {
  readonly inputs: Readonly<Record<string, string>>;
  /** What the commit is made of. */
  readonly commit?: string;
  readonly tag?: string;
  readonly workspace?: string;
}

function step(
  name: string,
  { inputs, commit = name, tag, workspace = WORKSPACE }: Step,
): Promise<ActionResult> {
  return runBundle({
    bundle: BUNDLE,
    workspace,
    folder: join(FOLDER, name),
    github: {
      GITHUB_EVENT_NAME: 'push',
      GITHUB_REF_TYPE: tag === undefined ? 'branch' : 'tag',
      GITHUB_REF_NAME: tag ?? 'main',
      GITHUB_SHA: createHash('sha1').update(commit).digest('hex'),
      GITHUB_REPOSITORY: 'acme/mnist-mlp',
      GITHUB_RUN_ID: '1',
      GITHUB_ACTOR: 'ada',
    },
    inputs: { kubeconfig: identities.deployer, environment: 'staging', ...inputs },
    onLine: line => process.stdout.write(line.startsWith('::add-mask::') ? '' : `    ${line}\n`),
  });
}

async function release(version: string, weights: string): Promise<ActionResult> {
  await writeFile(join(WORKSPACE, 'model.pt'), weights);
  return step(`release-${version}`, {
    commit: version,
    inputs: {
      images: REPOSITORY,
      manifests: 'k8s.yaml',
      'model-version': version,
      tags: `${version}\ntype=sha`,
      scan: 'off',
    },
  });
}

/** An image that nobody pushed. */
const deployMissing = (version: string, digit: string): Promise<ActionResult> =>
  step(`missing-${version}`, {
    inputs: {
      mode: 'deploy',
      image: `${REPOSITORY}@sha256:${digit.repeat(64)}`,
      manifests: 'k8s.yaml',
      'model-version': version,
    },
  });

async function readLedger(): Promise<Ledger> {
  return parseLedger(
    await kubectlJson('get', 'configmap', 'modelpier-ledger-mnist-mlp', '--namespace', NAMESPACE),
  );
}
const told = async (): Promise<readonly string[]> =>
  (await readLedger()).releases.map(({ version, verdict }) => `${version} ${verdict}`);

async function servingImage(): Promise<string | undefined> {
  const deployment = await kubectlJson<{
    status: { readyReplicas?: number; updatedReplicas?: number };
    spec: { template: { spec: { containers: { image: string }[] } } };
  }>('get', 'deployment', 'rollback', '--namespace', NAMESPACE);
  expect(deployment.status).toMatchObject({ readyReplicas: 1, updatedReplicas: 1 });
  return deployment.spec.template.spec.containers[0]?.image;
}

/** When the kubelet first said that the image of this digit cannot be pulled. */
async function firstFailedPull(digit: string): Promise<number> {
  const { items } = await kubectlJson<{
    items: { reason: string; message: string; firstTimestamp: string }[];
  }>('get', 'events', '--namespace', NAMESPACE);
  const failed = items.filter(
    ({ reason, message }) => reason === 'Failed' && message.includes(digit.repeat(64)),
  );
  return Math.min(...failed.map(({ firstTimestamp }) => Date.parse(firstTimestamp)));
}

const statefulSet = (command: string): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'ordered' },
  spec: {
    replicas: 2,
    serviceName: 'ordered',
    selector: { matchLabels: { app: 'ordered' } },
    template: {
      metadata: { labels: { app: 'ordered' } },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [
          {
            name: 'model',
            image: first,
            command: ['/bin/sh', '-c', command],
            resources: { requests: { cpu: '10m', memory: '16Mi' } },
          },
        ],
      },
    },
  },
});

let first = '';

it('tells a healthy release in the ledger', async () => {
  const { exitCode, report } = await release('1.0.0', 'first weights');
  expect(exitCode).toBe(0);
  first = report?.image?.reference ?? '';
  expect(await servingImage()).toBe(first);
  expect(await told()).toEqual(['1.0.0 healthy']);
});

it.each([
  ['2.0.0', 'e'],
  ['3.0.0', 'f'],
])('rolls %s, whose image is not there, back to the last healthy release in time', async (version, digit) => {
  const { exitCode, report, outputs, summary } = await deployMissing(version, digit);
  expect(exitCode).toBe(1);
  expect(report?.deployment).toMatchObject({
    status: 'rolled-back',
    rollback: { to: { version: '1.0.0' }, outcome: 'healthy' },
  });
  expect(outputs).toMatch(/rolled-back-to<<\S+\n1\.0\.0\n/);
  expect(summary).toContain('rolled back to 1.0.0');
  expect(await servingImage()).toBe(first);
  const [record] = (await readLedger()).releases;
  expect(record).toMatchObject({ version, verdict: 'rolled-back', rolledBackTo: { version: '1.0.0' } });
  const tookMs = Date.parse(record?.finishedAt ?? '') - (await firstFailedPull(digit));
  process.stdout.write(`    back ${tookMs} ms after the first failed pull\n`);
  expect(tookMs).toBeLessThan(ROLLBACK_LIMIT_MS);
});

it('rolls back on demand, without a model file', async () => {
  expect((await release('1.1.0', 'other weights')).exitCode).toBe(0);
  const { exitCode, report } = await step('rollback', {
    workspace: join(FOLDER, 'empty'),
    inputs: { mode: 'rollback', 'model-name': 'mnist-mlp' },
  });
  expect(exitCode).toBe(0);
  expect(report?.deployment).toMatchObject({ status: 'healthy', rolledBackTo: { version: '1.0.0' } });
  expect(await servingImage()).toBe(first);
});

it('lists what there is where the version is unknown', async () => {
  const { exitCode, report } = await step('rollback-unknown', {
    inputs: { mode: 'rollback', 'model-version': '9.9.9' },
  });
  expect(exitCode).toBe(1);
  expect(report?.failure?.message).toBe('roll back mnist-mlp: there is no release 9.9.9');
  expect(report?.failure?.hint).toMatch(/^go back to one of 1\.0\.0 of .*; 1\.1\.0 of .*; 1\.0\.0 of /);
});

it('promotes the image of the commit at its tag, and moves no byte', async () => {
  const { exitCode, report } = await step('promote', {
    commit: '1.0.0',
    tag: 'v1.0.0',
    inputs: { images: REPOSITORY, manifests: 'k8s.yaml', tags: 'type=semver,pattern={{version}}\nstable' },
  });
  expect(exitCode).toBe(0);
  expect(report).toMatchObject({
    mode: 'promote',
    image: { reference: first, bytesPushed: 0, tags: ['1.0.0', 'stable', 'latest'] },
  });
  expect((await readRawManifest(REPOSITORY_PATH, 'stable')).digest).toBe(first.split('@')[1]);
  expect(await servingImage()).toBe(first);
});

it('fails a promotion of a commit that nobody built, with the tags that it looked for', async () => {
  const { exitCode, report } = await step('promote-nothing', {
    tag: 'v9.0.0',
    inputs: { mode: 'promote', images: REPOSITORY, manifests: 'k8s.yaml' },
  });
  expect(exitCode).toBe(1);
  expect(report?.failure?.message).toMatch(
    /it has no image of commit [0-9a-f]{40}: sha-[0-9a-f]{7} is not there; /,
  );
});

it('goes back with a StatefulSet whose broken pod its controller would wait for', async () => {
  const cluster = await loadCluster({ kubeconfig: ADMIN_KUBECONFIG, namespace: NAMESPACE });
  const notes: string[] = [];
  const deploy = (version: string, command: string) => {
    const image = parseReference(first);
    const objects = [statefulSet(command)];
    const facts = { model: 'ordered', version, image: formatDeployed(image) };
    return deployObjects({
      cluster,
      objects,
      image,
      clock: systemClock,
      runFacts: { ...facts, deployedAt: new Date().toISOString() },
      rollback: 'on-failure',
      timeoutMs: 60_000,
      onNote: note => notes.push(note),
    });
  };
  try {
    expect((await deploy('1.0.0', 'exec python3 -m http.server 8080')).status).toBe('healthy');
    const failed = await deploy('2.0.0', 'exit 1');
    expect(failed).toMatchObject({ status: 'rolled-back', rollback: { to: { version: '1.0.0' } } });
    expect(notes).toContainEqual(
      expect.stringMatching(/^deleted Pod\/modelpier-e2e\/ordered-1, which its Stateful/),
    );
  } finally {
    cluster.close();
  }
});

it('does 20 releases at once one after the other, and loses none', async () => {
  const before = (await readLedger()).releases.length;
  const image = parseReference(first);
  const objects = [parse(MANIFESTS.replace(REPOSITORY, first)) as KubernetesObject];
  const startedAt = Date.now();
  const releases = Array.from({ length: 20 }, async (_, index) => {
    const cluster = await loadCluster({ kubeconfig: identities.deployer });
    const version = `20.0.${index}`;
    const facts = { model: 'mnist-mlp', version, image: formatDeployed(image) };
    try {
      return await deployObjects({
        cluster,
        objects,
        image,
        clock: systemClock,
        holder: `run ${index}#${index}`,
        runFacts: { ...facts, deployedAt: new Date().toISOString() },
        timeoutMs: 200_000,
      });
    } finally {
      cluster.close();
    }
  });
  const deployed = await Promise.all(releases);
  process.stdout.write(`    20 releases in ${Date.now() - startedAt} ms\n`);
  expect(new Set(deployed.map(({ status }) => status))).toEqual(new Set(['unchanged']));
  const { releases: all } = await readLedger();
  const added = all.slice(0, all.length - before);
  expect(new Set(added.map(({ version }) => version)).size).toBe(20);
  expect(added.every(({ verdict }) => verdict === 'unchanged')).toBe(true);
  // Each began after the one before had ended.
  for (const [index, { finishedAt = '' }] of added.slice(1).entries()) {
    expect((added[index]?.startedAt ?? '') >= finishedAt).toBe(true);
  }
});
