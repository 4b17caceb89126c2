import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { attempt, run } from '../../tools/command';

/** One run of the action's bundle as GitHub would run it, and what it took. */
export interface Release {
  readonly seconds: number;
  readonly peakMemoryBytes: number;
  /** Written to any disk, sockets not counted. */
  readonly diskBytes: number;
  readonly digest: string;
}

export interface ReleaseOptions {
  /** With `model.yaml` and the model. */
  readonly workspace: string;
  readonly image: string;
  readonly baseImage: string;
  /** Folder of `index.js`. */
  readonly bundle: string;
  /** For the files that a runner gives to a step. */
  readonly folder: string;
  readonly version?: string;
  readonly signal: AbortSignal;
}

/** Preloaded: writes, as the process ends, what only the process itself can still read then. */
const PROBE = join(import.meta.dirname, 'probe.cjs');

/** `mode: build` of the workspace's model. */
export async function release(options: ReleaseOptions): Promise<Release> {
  const { workspace, image, baseImage, bundle, version = '1.0.0', signal } = options;
  const folder = await mkdtemp(join(options.folder, 'step-'));
  const [outputs, probe] = [join(folder, 'outputs'), join(folder, 'probe.json')];
  for (const name of ['outputs', 'summary', 'state']) await writeFile(join(folder, name), '');
  const { seconds } = await run({
    program: process.execPath,
    args: [join(bundle, 'index.js')],
    cwd: workspace,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      TMPDIR: folder,
      NODE_OPTIONS: `--require=${PROBE}`,
      MODELPIER_BENCH_PROBE: probe,
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: folder,
      GITHUB_OUTPUT: outputs,
      GITHUB_STEP_SUMMARY: join(folder, 'summary'),
      GITHUB_STATE: join(folder, 'state'),
      GITHUB_EVENT_NAME: 'push',
      GITHUB_REF_TYPE: 'tag',
      GITHUB_REF_NAME: `v${version}`,
      GITHUB_SHA: '0'.repeat(40),
      GITHUB_REPOSITORY: 'acme/bench',
      INPUT_MODE: 'build',
      INPUT_IMAGES: image,
      'INPUT_BASE-IMAGE': baseImage,
    },
    signal,
  });
  const digest = /sha256:[0-9a-f]{64}/.exec(await readFile(outputs, 'utf8'))?.[0] ?? '';
  const used = JSON.parse(await readFile(probe, 'utf8')) as Pick<Release, 'peakMemoryBytes' | 'diskBytes'>;
  await rm(folder, { recursive: true });
  return { seconds, digest, ...used };
}

/** From the call to the refusal of a missing input: all that comes before a release's own work. */
export async function startSeconds({
  bundle,
  folder,
  signal,
}: Pick<ReleaseOptions, 'bundle' | 'folder' | 'signal'>): Promise<number> {
  const { seconds, stdout, code } = await attempt({
    program: process.execPath,
    args: [join(bundle, 'index.js')],
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, GITHUB_WORKSPACE: folder, INPUT_MODE: 'build' },
    signal,
  });
  if (code === 1 && stdout.includes('::error::')) return seconds;
  throw new Error(`index.js without inputs: exit code ${code}\n${stdout}`);
}
