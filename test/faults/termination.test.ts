import { parseReport, type Report } from '@modelpier/backstage-plugin-modelpier-common';
import { anonymous, createRegistry } from '@modelpier/backstage-plugin-modelpier-node';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startGithub } from '../servers/github/server';
import { startKubernetes } from '../servers/kubernetes';
import { pushBase } from '../servers/registry/base-images';
import { isWhole } from '../servers/registry/sample-build';
import { type LoggedRequest, startRegistry } from '../servers/registry/server';

/** The bundle that users run; another one, where what it was made from has changed since. */
const BUNDLE = resolve(process.env['MODELPIER_BUNDLE'] ?? join(__dirname, '../../dist'));

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A registry with a base, a cluster, GitHub, and a workspace with a model: all that a release needs. */
async function stage() {
  const [server, cluster, github] = await Promise.all([
    startRegistry(),
    startKubernetes(),
    startGithub({ token: 'ghs_token' }),
  ]);
  const registry = createRegistry({ credentials: anonymous });
  const folder = await mkdtemp(join(tmpdir(), 'modelpier-termination-'));
  ends.push(
    () => server.close(),
    () => cluster.close(),
    () => github.close(),
    () => registry.close(),
    () => rm(folder, { recursive: true }),
  );
  const workspace = join(folder, 'workspace');
  await mkdir(workspace);
  await writeFile(join(workspace, 'model.yaml'), MODEL);
  await writeFile(join(workspace, 'model.pt'), randomBytes(3_000_000));
  await writeFile(join(workspace, 'labels.json'), '["zero"]');
  await writeFile(join(folder, 'kubeconfig'), cluster.kubeconfig());
  const base = { registry: server.host, path: 'runtime/torch' };
  const { digest } = await pushBase(registry, base);
  server.requests.length = 0;
  const repository = { registry: server.host, path: 'acme/digits' };
  const environment = {
    PATH: process.env['PATH'],
    HOME: folder,
    RUNNER_TEMP: folder,
    GITHUB_WORKSPACE: workspace,
    GITHUB_EVENT_NAME: 'push',
    GITHUB_REF_TYPE: 'tag',
    GITHUB_REF_NAME: 'v1.0.0',
    GITHUB_SHA: 'c'.repeat(40),
    GITHUB_REPOSITORY: 'acme/digits',
    GITHUB_RUN_ID: '1',
    GITHUB_API_URL: github.url,
    'INPUT_GITHUB-TOKEN': 'ghs_token',
    INPUT_ENVIRONMENT: 'staging',
    INPUT_IMAGES: `${server.host}/acme/digits`,
    INPUT_TAGS: '1.0.0\nlatest',
    'INPUT_BASE-IMAGE': `${server.host}/runtime/torch@${digest}`,
    INPUT_KUBECONFIG: join(folder, 'kubeconfig'),
  };
  return { server, cluster, github, registry, folder, repository, environment };
}
type Stage = Awaited<ReturnType<typeof stage>>;

const MODEL = `apiVersion: modelpier.io/v1
kind: Model
metadata: { name: digits }
spec:
  format: torchscript
  files: [model.pt, labels.json]
  runtime: { image: runtime.example/torch, port: 8080 }
  resources: { cpu: 100m, memory: 64Mi }
  scaling: { replicas: 1 }
`;

interface Step {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly exitCode: number | null; readonly output: string }>;
}

/** Starts the step as a runner does; what it saves for its post step is in the file `state`. */
function startStep(
  { folder, environment }: Stage,
  { entry = 'index.js', more = {} }: { entry?: string; more?: Readonly<Record<string, string>> } = {},
): Step {
  const files = { GITHUB_OUTPUT: 'output', GITHUB_STEP_SUMMARY: 'summary', GITHUB_STATE: 'state' };
  const paths = Object.entries(files).map(([name, file]) => [name, join(folder, file)] as const);
  const env = { ...environment, ...(Object.fromEntries(paths) as Record<string, string>), ...more };
  const child = spawn(process.execPath, [join(BUNDLE, entry)], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
  }
  const ended = new Promise<Awaited<Step['ended']>>((done, fail) => {
    child.on('error', fail);
    child.on('close', exitCode => done({ exitCode, output: output.join('') }));
  });
  return { child, ended };
}

async function emptyFiles({ folder }: Stage): Promise<void> {
  for (const name of ['output', 'summary', 'state']) await writeFile(join(folder, name), '');
}

/** `name<<delimiter`, value, delimiter: what the runner makes `STATE_name` of. */
async function readState({ folder }: Stage): Promise<Record<string, string>> {
  const text = await readFile(join(folder, 'state'), 'utf8');
  const saved = text.matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n\2$/gm);
  return Object.fromEntries([...saved].map(([, name, , value]) => [`STATE_${name ?? ''}`, value ?? '']));
}

/** The step, killed at a moment, and then its post step, as a runner goes on after a cancelled job. */
async function runKilled(
  staged: Stage,
  { kill, signal }: { kill: (staged: Stage, now: () => void) => void; signal: NodeJS.Signals },
) {
  await emptyFiles(staged);
  const step = startStep(staged);
  kill(staged, () => step.child.kill(signal));
  const { exitCode, output } = await step.ended;
  const post = await startStep(staged, { entry: 'post.js', more: await readState(staged) }).ended;
  return { exitCode, output, post };
}

async function readReport({ folder }: Stage): Promise<Report> {
  return parseReport(JSON.parse(await readFile(join(folder, 'modelpier-report.json'), 'utf8')));
}

/** When a request that matches is being served. */
const atRequest =
  (matches: (request: LoggedRequest) => boolean) =>
  ({ server }: Stage, now: () => void): void => {
    const push = server.requests.push.bind(server.requests);
    server.requests.push = (...requests) => {
      if (requests.some(matches)) now();
      return push(...requests);
    };
  };
const isWrite = (method: string, path: RegExp) => atRequest(at => at.method === method && path.test(at.path));

/** When the GitHub Deployment got a status, that is in the middle of the rollout. */
const atStatus = ({ github }: Stage, now: () => void): void => {
  const poll = setInterval(() => {
    if (!github.deployments.some(({ statuses }) => statuses.length > 0)) return;
    clearInterval(poll);
    now();
  }, 1);
  ends.push(() => {
    clearInterval(poll);
    return Promise.resolve();
  });
};

const MOMENTS: readonly (readonly [string, (staged: Stage, now: () => void) => void, NodeJS.Signals])[] = [
  ['before it has begun', (_, now) => setTimeout(now, 100), 'SIGTERM'],
  ['when the base is read', isWrite('GET', /runtime\/torch\/manifests/), 'SIGTERM'],
  ['when it looks for what is there', isWrite('HEAD', /acme\/digits\/blobs/), 'SIGINT'],
  ['when an upload begins', isWrite('POST', /acme\/digits\/blobs/), 'SIGTERM'],
  ['when a layer is sent', isWrite('PATCH', /acme\/digits\/blobs/), 'SIGTERM'],
  ['when a layer is sent, without a warning', isWrite('PATCH', /acme\/digits\/blobs/), 'SIGKILL'],
  ['when a layer ends', isWrite('PUT', /acme\/digits\/blobs/), 'SIGTERM'],
  ['when the manifest is written', isWrite('PUT', /manifests\/sha256/), 'SIGTERM'],
  ['when a tag is written', isWrite('PUT', /manifests\/1\.0\.0/), 'SIGTERM'],
  ['when the rollout has begun', atStatus, 'SIGTERM'],
];

/** Several processes each; a busy machine takes its time. */
const TIMEOUT_MS = 30_000;

describe('a release that is ended', () => {
  it.each(MOMENTS)(
    '%s leaves nothing half done, and the next run sends only the rest',
    async (_, kill, signal) => {
      const staged = await stage();
      const { server, registry, repository } = staged;

      const { exitCode, post } = await runKilled(staged, { kill, signal });

      expect([1, null]).toContain(exitCode);
      expect(post).toMatchObject({ exitCode: 0 });
      for (const tag of ['1.0.0', 'latest']) {
        const isTagged = (await registry.headManifest(repository, tag)) !== undefined;
        if (isTagged) expect(await isWhole(registry, repository, tag)).toBe(true);
      }
      assertNothingInProgress(staged);

      forgetRequests(server);
      const again = await runAgain(staged, { INPUT_MODE: 'build' });

      expect(again).toMatchObject({ exitCode: 0 });
      const { image } = await readReport(staged);
      expect(await isWhole(registry, repository, 'latest')).toBe(true);
      expect(bytesOfLayers(server.requests)).toBe(image?.bytesPushed);
    },
    TIMEOUT_MS,
  );

  it(
    'in the middle of its rollout is finished by the next one',
    async () => {
      const staged = await stage();
      await runKilled(staged, { kill: atStatus, signal: 'SIGKILL' });
      assertNothingInProgress(staged);

      const again = await runAgain(staged);

      expect(again).toMatchObject({ exitCode: 0 });
      expect((await readReport(staged)).deployment?.status).toBe('healthy');
      expect(staged.github.deployments.at(-1)?.statuses.at(-1)?.state).toBe('success');
    },
    TIMEOUT_MS,
  );
});

function assertNothingInProgress({ github }: Stage): void {
  const states = github.deployments.map(({ statuses }) => statuses.at(-1)?.state);
  expect(states.filter(state => state !== 'failure' && state !== 'error')).toEqual([]);
}

async function runAgain(staged: Stage, inputs: Readonly<Record<string, string>> = {}) {
  await emptyFiles(staged);
  return startStep(staged, { more: inputs }).ended;
}

function forgetRequests({ requests }: Stage['server']): void {
  requests.push = Array.prototype.push.bind(requests);
  requests.length = 0;
}

/** What was sent but for the config, which is not a layer. */
const bytesOfLayers = (requests: readonly LoggedRequest[]): number => {
  const sent = requests.filter(({ method }) => method === 'PATCH').map(({ receivedBytes }) => receivedBytes);
  const bytes = sent.reduce((sum, one) => sum + one, 0);
  const puts = requests.filter(({ method, path }) => method === 'PUT' && path.includes('/manifests/sha256'));
  return puts.length === 0 ? bytes : bytes - (sent.at(-1) ?? 0);
};
