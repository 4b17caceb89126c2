// cspell:ignore replcias imagePulPolicy Pul
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '@modelpier/backstage-plugin-modelpier-common';
import { type ActionResult, runBundle } from '../../examples/demo/run-action';
import { type GithubServer, startGithub } from '../servers/github/server';
import { createIdentities, type Identities } from './identities';
import { kubectl, kubectlJson } from './kubectl';
import { BASE_IMAGE, NAMESPACE, REPOSITORY as JOURNEY } from './real';

const REPOSITORY = `${JOURNEY}-plan`;

const FOLDER = join(__dirname, '../../.modelpier/e2e-plan');
const WORKSPACE = join(FOLDER, 'workspace');
const MODEL_BYTES = 8 * 1024 * 1024;
const PULL_REQUEST = {
  GITHUB_EVENT_NAME: 'pull_request',
  GITHUB_REF: 'refs/pull/7/merge',
  GITHUB_HEAD_REF: 'retrained',
  GITHUB_SHA: 'c'.repeat(40),
  GITHUB_REPOSITORY: 'acme/plan',
  GITHUB_RUN_ID: '1',
  GITHUB_ACTOR: 'ada',
};
let identities: Identities;
let github: GithubServer;

beforeAll(async () => {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(join(WORKSPACE, 'deploy'), { recursive: true });
  identities = await createIdentities(FOLDER);
  github = await startGithub({ token: 'secret' });
  await writeFile(join(WORKSPACE, 'model.pt'), Buffer.alloc(MODEL_BYTES, 'weights'));
  await writeFile(join(WORKSPACE, 'model.yaml'), MODEL);
  await writeManifest({});
});
afterAll(() => github.close());

const MODEL = `apiVersion: modelpier.io/v1
kind: Model
metadata: { name: mnist-mlp }
spec: { format: torchscript, files: [model.pt] }
`;

interface Manifest {
  readonly replicas?: number;
  readonly memory?: string;
  readonly policy?: string;
  readonly replicasField?: string;
  readonly policyField?: string;
}

/** Scaled to nothing by default: what counts is what the cluster keeps, and no pod need start for it. */
const writeManifest = ({
  replicas = 0,
  memory = '512Mi',
  policy = 'IfNotPresent',
  replicasField = 'replicas',
  policyField = 'imagePullPolicy',
}: Manifest): Promise<void> =>
  writeFile(
    join(WORKSPACE, 'deploy/app.yaml'),
    `apiVersion: apps/v1
kind: Deployment
metadata:
  name: mnist-mlp
spec:
  ${replicasField}: ${replicas}
  selector: { matchLabels: { app: mnist-mlp } }
  template:
    metadata: { labels: { app: mnist-mlp } }
    spec:
      containers:
        - name: model
          image: ${REPOSITORY}
          ${policyField}: ${policy}
          resources: { requests: { cpu: 10m, memory: 1Mi }, limits: { memory: ${memory} } }
---
apiVersion: v1
kind: Service
metadata: { name: mnist-mlp }
spec:
  selector: { app: mnist-mlp }
  ports: [{ port: 80 }]
`,
  );

const run = (
  mode: 'plan' | 'release',
  inputs: Readonly<Record<string, string>> = {},
): Promise<ActionResult> =>
  runBundle({
    bundle: join(__dirname, '../../dist/index.js'),
    workspace: WORKSPACE,
    folder: join(FOLDER, mode),
    github: { ...PULL_REQUEST, GITHUB_API_URL: github.url },
    inputs: {
      mode,
      'model-version': '1.0.0',
      images: REPOSITORY,
      'base-image': BASE_IMAGE,
      manifests: 'deploy',
      kubeconfig: mode === 'plan' ? identities.planner : identities.deployer,
      environment: 'staging',
      ...inputs,
    },
    onLine: line => process.stdout.write(line.startsWith('::add-mask::') ? '' : `    ${line}\n`),
  });

/** Everything that a plan could have touched, with its version. */
async function versions(): Promise<readonly string[]> {
  const { items } = await kubectlJson<{
    items: { kind: string; metadata: { name: string; resourceVersion: string } }[];
  }>('-n', NAMESPACE, 'get', 'deployments,services,replicasets,pods,configmaps');
  return items.map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.resourceVersion}`).sort();
}

/** A plan, checked to have changed nothing. */
async function plan(inputs: Readonly<Record<string, string>> = {}): Promise<ActionResult> {
  const before = await versions();
  const result = await run('plan', inputs);
  expect(await versions()).toEqual(before);
  return result;
}

const diffsOf = (report: Report | undefined): Record<string, readonly string[]> =>
  Object.fromEntries(
    (report?.deployment?.objects ?? []).flatMap(({ ref, diff }) =>
      diff === undefined ? [] : [[ref.kind, diff.split('\n').filter(line => /^[-+]/.test(line))]],
    ),
  );

it('plans a first release: what would be created, and the bytes that would be pushed', async () => {
  const { exitCode, report, summary } = await plan();
  expect(exitCode).toBe(0);
  expect(report?.deployment?.objects.map(({ ref, action }) => [ref.kind, action])).toEqual([
    ['Service', 'created'],
    ['Deployment', 'created'],
  ]);
  expect(report?.image?.bytesPushed).toBeGreaterThan(0);
  expect(diffsOf(report)['Deployment']).not.toContainEqual(expect.stringContaining('revisionHistoryLimit'));
  expect(report?.deployment?.fit).toEqual([]);
  expect(summary).toContain('What would change in');
});

it('finds nothing to change where the same was released', async () => {
  const released = await run('release');
  expect(released.exitCode).toBe(0);
  const { exitCode, report } = await plan();
  expect(exitCode).toBe(0);
  expect(report?.deployment?.objects.map(({ action }) => action)).toEqual(['unchanged', 'unchanged']);
  expect(diffsOf(report)).toEqual({});
});

it('shows one changed field, and just that', async () => {
  await writeManifest({ policy: 'Always' });
  const { exitCode, report, summary } = await plan();
  expect(exitCode).toBe(0);
  expect(diffsOf(report)).toEqual({
    Deployment: ['-          imagePullPolicy: IfNotPresent', '+          imagePullPolicy: Always'],
  });
  expect(summary).toContain('+          imagePullPolicy: Always');
});

it('keeps one comment on the pull request, with the newest plan', async () => {
  for (const policy of ['Always', 'Never']) {
    await writeManifest({ policy });
    expect((await plan({ 'github-token': 'secret' })).exitCode).toBe(0);
  }
  expect(github.comments.all.map(({ issue, body }) => [issue, body])).toEqual([
    [7, expect.stringContaining('+          imagePullPolicy: Never')],
  ]);
});

it('tells every misspelled field with its line and what was meant', async () => {
  await writeManifest({ replicasField: 'replcias', policyField: 'imagePulPolicy' });
  const { exitCode, report } = await plan();
  expect(exitCode).toBe(1);
  expect(report?.failure?.message).toContain(
    'spec.replcias (deploy/app.yaml:6) is no field of Deployment; did you mean replicas?',
  );
  expect(report?.failure?.message).toContain(
    'spec.template.spec.containers[0].imagePulPolicy (deploy/app.yaml:14) is no field of Deployment; did you mean imagePullPolicy?',
  );
});

it('refuses a memory limit that is smaller than the model', async () => {
  await writeManifest({ memory: '4Mi' });
  const { exitCode, report, summary } = await plan();
  expect(exitCode).toBe(1);
  expect(report?.failure).toMatchObject({
    code: 'unsupported',
    hint: 'raise resources.limits.memory of container model to 264Mi or more',
  });
  expect(summary).toContain('cannot work');
});

it('refuses what the quota of the namespace does not allow', async () => {
  await kubectl('-n', NAMESPACE, 'create', 'quota', 'plan', '--hard=pods=2');
  try {
    await writeManifest({ replicas: 3 });
    const { exitCode, report } = await plan();
    expect(exitCode).toBe(1);
    expect(report?.failure?.message).toContain(
      '3 pods ask for 3 of pods, and the ResourceQuota plan allows 2 in all',
    );
  } finally {
    await kubectl('-n', NAMESPACE, 'delete', 'quota', 'plan');
  }
});

it('plans the image alone where there is no cluster', async () => {
  const { exitCode, report, summary } = await plan({ kubeconfig: '' });
  expect(exitCode).toBe(0);
  expect(report?.image?.bytesTotal).toBeGreaterThan(MODEL_BYTES / 1000);
  expect(report?.deployment).toBeUndefined();
  expect(summary).toContain('nothing was compared with what runs');
});
