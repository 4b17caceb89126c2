// cspell:ignore wfile

import { ledgerName, leaseName, parseLedger } from '@modelpier/backstage-plugin-modelpier-common';
import { anonymous, createRegistry } from '@modelpier/backstage-plugin-modelpier-node';
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ENDINGS } from '../faults/endings';
import {
  emptyFiles,
  readReport,
  readSummary,
  startPostStep,
  startStep,
  type Workplace,
} from '../faults/step';
import { type GithubServer, startGithub } from '../servers/github/server';
import { isWhole } from '../servers/registry/sample-build';
import { createIdentities } from './identities';
import { kubectl, kubectlJson } from './kubectl';
import { NAMESPACE, REGISTRY, REPOSITORY_PATH } from './real';

/** Releases on a real registry and a real cluster, by the action as a process of its own, ended at ten moments. */
const FOLDER = join(__dirname, '../../.modelpier/e2e-cancel');
const WORKSPACE = join(FOLDER, 'workspace');
const MODEL = 'mnist-mlp';
const repository = { registry: REGISTRY, path: `${REPOSITORY_PATH}-cancel` };
const registry = createRegistry({ credentials: anonymous });
let github: GithubServer;
let place: Workplace;

/** Answers everything, after a second in which a model would be loaded. */
const SERVER = `import http.server, json, time
time.sleep(1)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"name": "${MODEL}", "versions": ["1.0.0"], "ready": True, "live": True}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)
http.server.ThreadingHTTPServer(("", 8080), Handler).serve_forever()
`;

const MODEL_FILE = `apiVersion: modelpier.io/v1
kind: Model
metadata: { name: ${MODEL}, version: 1.0.0 }
spec:
  format: other
  files: [model.bin]
  runtime: { image: '${REGISTRY}/runtime/torch:bookworm', port: 8080 }
  resources: { cpu: 10m, memory: 64Mi }
  scaling: { replicas: 1 }
`;

beforeAll(async () => {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(WORKSPACE, { recursive: true });
  const { deployer } = await createIdentities(FOLDER);
  await writeFile(join(WORKSPACE, 'model.yaml'), MODEL_FILE);
  await writeFile(join(WORKSPACE, 'serve.py'), SERVER);
  github = await startGithub({ token: 'ghs_token' });
  place = {
    folder: FOLDER,
    environment: {
      PATH: process.env['PATH'],
      HOME: FOLDER,
      RUNNER_TEMP: FOLDER,
      GITHUB_WORKSPACE: WORKSPACE,
      GITHUB_EVENT_NAME: 'push',
      GITHUB_REF_TYPE: 'branch',
      GITHUB_REF_NAME: 'main',
      GITHUB_SHA: 'c'.repeat(40),
      GITHUB_REPOSITORY: 'acme/mnist-mlp',
      GITHUB_RUN_ID: '1',
      GITHUB_API_URL: github.url,
      'INPUT_GITHUB-TOKEN': 'ghs_token',
      INPUT_ENVIRONMENT: 'staging',
      INPUT_IMAGES: `${repository.registry}/${repository.path}`,
      INPUT_TAGS: '1.0.0\nlatest',
      INPUT_CODE: 'serve.py',
      INPUT_ENTRYPOINT: 'python3\n/models/mnist-mlp/serve.py',
      INPUT_KUBECONFIG: deployer,
      INPUT_TIMEOUT: '2m',
    },
  };
});

afterAll(async () => {
  await kubectl('delete', 'namespace', NAMESPACE, '--ignore-not-found', '--wait=false');
  await Promise.all([github.close(), registry.close()]);
});

interface Moment {
  /** In the log. */
  readonly line: RegExp;
  readonly laterMs?: number;
}

const CASES: readonly (readonly [moment: string, at: Moment, ending: keyof typeof ENDINGS])[] = [
  ['while the model is read', { line: /Read the model/ }, 'by SIGTERM'],
  ['when the base is known', { line: /^base / }, 'as GitHub cancels'],
  ['when a layer is packed', { line: /^packed weights/ }, 'by SIGKILL'],
  ['when the weights are there', { line: /^uploaded weights/ }, 'by SIGTERM'],
  ['when a tag is written', { line: /^tag 1\.0\.0/ }, 'as GitHub cancels'],
  ['while the manifests are made', { line: /Prepare the manifests/ }, 'by SIGKILL'],
  ['when the apply begins', { line: /Apply and wait/ }, 'by SIGTERM'],
  ['right after that', { line: /Apply and wait/, laterMs: 100 }, 'by SIGKILL'],
  ['when the workload is seen', { line: /Deployment\/.*InProgress/i }, 'as GitHub cancels'],
  ['while its pod starts', { line: /Deployment\/.*InProgress/i, laterMs: 700 }, 'by SIGKILL'],
];

it.each(CASES)(
  'a release that is ended %s says so everywhere, and the next one ends healthy',
  async (_, at, ending) => {
    await writeFile(join(WORKSPACE, 'model.bin'), randomBytes(4_000_000));
    const before = github.deployments.length;
    await endRelease(at, ending);

    for (const tag of ['1.0.0', 'latest']) {
      if ((await registry.headManifest(repository, tag)) === undefined) continue;
      expect(await isWhole(registry, repository, tag)).toBe(true);
    }
    const states = github.deployments.slice(before).map(({ statuses }) => statuses.at(-1)?.state);
    expect(states.filter(state => state !== 'error')).toEqual([]);
    expect(await readSummary(place)).toMatch(/failed|was ended before its verdict/);
    expect(await verdicts()).not.toContain('in-progress');
    expect(await leaseHolder()).toBe('');

    await emptyFiles(place);
    const { exitCode, output } = await startStep(place).ended;
    expect({ exitCode, output: exitCode === 0 ? '' : unmasked(output) }).toEqual({ exitCode: 0, output: '' });
    expect((await readReport(place)).deployment?.status).toMatch(/^(healthy|unchanged)$/);
    expect((await verdicts())[0]).toMatch(/^(healthy|unchanged)$/);
    expect(github.deployments.at(-1)?.statuses.at(-1)?.state).toBe('success');
  },
);

/** The step, ended at a moment of its log, and then its post step. */
async function endRelease({ line, laterMs = 0 }: Moment, ending: keyof typeof ENDINGS): Promise<void> {
  await emptyFiles(place);
  const step = startStep(place);
  await new Promise<void>((resolve, reject) => {
    step.child.stdout?.on('data', (text: string) => {
      if (text.split('\n').some(each => line.test(each.replace(/^::group::/, '')))) resolve();
    });
    void step.ended.then(({ output }) => reject(new Error(`the moment never came: ${unmasked(output)}`)));
  });
  await sleep(laterMs);
  await ENDINGS[ending](step);
  const { exitCode } = await step.ended;
  expect(exitCode).toBe(ending === 'by SIGKILL' ? null : 1);
  expect(await (await startPostStep(place)).ended).toMatchObject({ exitCode: 0 });
}

/** Without the lines that tell a runner what to hide. */
const unmasked = (output: string): string => output.replace(/^::add-mask::.*\n/gm, '');

async function verdicts(): Promise<readonly string[]> {
  const { items } = await kubectlJson<{ items: readonly { metadata: { name: string } }[] }>(
    'get',
    'configmaps',
    '--namespace',
    NAMESPACE,
  );
  const found = items.find(({ metadata }) => metadata.name === ledgerName(MODEL));
  return found === undefined ? [] : parseLedger(found).releases.map(({ verdict }) => verdict);
}

async function leaseHolder(): Promise<string> {
  const { items } = await kubectlJson<{
    items: readonly { metadata: { name: string }; spec: { holderIdentity?: string } }[];
  }>('get', 'leases', '--namespace', NAMESPACE);
  return items.find(({ metadata }) => metadata.name === leaseName(MODEL))?.spec.holderIdentity ?? '';
}
