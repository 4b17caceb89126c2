import { isWhole } from '../servers/registry/sample-build';
import type { LoggedRequest } from '../servers/registry/server';
import { emptyFiles, openStage, readReport, type Stage, startPostStep, startStep } from './step';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function stage(): Promise<Stage> {
  const staged = await openStage();
  ends.push(staged.close);
  return staged;
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
  const post = await (await startPostStep(staged)).ended;
  return { exitCode, output, post };
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
