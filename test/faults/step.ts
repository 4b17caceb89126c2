import { parseReport, type Report } from '@modelpier/backstage-plugin-modelpier-common';
import { anonymous, createRegistry } from '@modelpier/backstage-plugin-modelpier-node';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startGithub } from '../servers/github/server';
import { type KubernetesOptions, startKubernetes } from '../servers/kubernetes';
import { pushBase } from '../servers/registry/base-images';
import { startRegistry } from '../servers/registry/server';

/** The bundle that users run; another one, where what it was made from has changed since. */
const BUNDLE = resolve(process.env['MODELPIER_BUNDLE'] ?? join(__dirname, '../../dist'));

/** Folder and environment of a step, as a runner gives them. */
export interface Workplace {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A registry with a base, a cluster, GitHub, and a workspace with a model: all that a release needs. */
export async function openStage(kubernetes: KubernetesOptions = {}) {
  const [server, cluster, github] = await Promise.all([
    startRegistry(),
    startKubernetes(kubernetes),
    startGithub({ token: 'ghs_token' }),
  ]);
  const registry = createRegistry({ credentials: anonymous });
  const folder = await mkdtemp(join(tmpdir(), 'modelpier-step-'));
  const workspace = join(folder, 'workspace');
  await mkdir(workspace);
  await writeFile(join(workspace, 'model.yaml'), MODEL);
  await writeFile(join(workspace, 'model.pt'), randomBytes(3_000_000));
  await writeFile(join(workspace, 'labels.json'), '["zero"]');
  await writeFile(join(folder, 'kubeconfig'), cluster.kubeconfig());
  const { digest } = await pushBase(registry, { registry: server.host, path: 'runtime/torch' });
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
  const close = async (): Promise<void> => {
    await Promise.all([server.close(), cluster.close(), github.close(), registry.close()]);
    await rm(folder, { recursive: true });
  };
  return { server, cluster, github, registry, folder, repository, environment, close };
}
export type Stage = Awaited<ReturnType<typeof openStage>>;

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

export interface Step {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly exitCode: number | null; readonly output: string }>;
}

/** Starts the step as a runner does; what it saves for its post step is in the file `state`. */
export function startStep(
  { folder, environment }: Workplace,
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

/** Starts the post step of the step that ended last. */
export const startPostStep = async (place: Workplace): Promise<Step> =>
  startStep(place, { entry: 'post.js', more: await readState(place) });

export async function emptyFiles({ folder }: Pick<Workplace, 'folder'>): Promise<void> {
  for (const name of ['output', 'summary', 'state']) await writeFile(join(folder, name), '');
}

/** `name<<delimiter`, value, delimiter: what the runner makes `STATE_name` of. */
async function readState({ folder }: Pick<Workplace, 'folder'>): Promise<Record<string, string>> {
  const text = await readFile(join(folder, 'state'), 'utf8');
  const saved = text.matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n\2$/gm);
  return Object.fromEntries([...saved].map(([, name, , value]) => [`STATE_${name ?? ''}`, value ?? '']));
}

export const readSummary = ({ folder }: Pick<Workplace, 'folder'>): Promise<string> =>
  readFile(join(folder, 'summary'), 'utf8');

export async function readReport({ folder }: Pick<Workplace, 'folder'>): Promise<Report> {
  return parseReport(JSON.parse(await readFile(join(folder, 'modelpier-report.json'), 'utf8')));
}
