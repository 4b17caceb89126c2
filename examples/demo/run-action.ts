import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseReport, type Report } from '@modelpier/backstage-plugin-modelpier-common';

export interface ActionRun {
  /** The bundle, `dist/index.js`. */
  readonly bundle: string;
  readonly workspace: string;
  /** Gets the report, the job summary and the outputs. */
  readonly folder: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** `GITHUB_*` beside those that every run has. */
  readonly github: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface ActionResult {
  readonly exitCode: number;
  readonly report: Report | undefined;
  readonly summary: string;
  readonly outputs: string;
}

/** Runs the action as a GitHub runner does: a Node process with `INPUT_*`, `GITHUB_*` and files for what it answers. */
export async function runBundle(run: ActionRun): Promise<ActionResult> {
  const { folder } = run;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const files = { GITHUB_OUTPUT: 'outputs', GITHUB_STEP_SUMMARY: 'summary.md', GITHUB_STATE: 'state' };
  for (const name of Object.values(files)) await writeFile(join(folder, name), '');
  const environment = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    RUNNER_TEMP: folder,
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: run.workspace,
    ...Object.fromEntries(Object.entries(files).map(([key, name]) => [key, join(folder, name)])),
    ...run.github,
    ...Object.fromEntries(
      Object.entries(run.inputs).map(([key, value]) => [`INPUT_${key.toUpperCase()}`, value]),
    ),
  };
  const exitCode = await runNode(run, environment);
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8').catch(() => '');
  const report = await read('modelpier-report.json');
  return {
    exitCode,
    report: report === '' ? undefined : parseReport(JSON.parse(report)),
    summary: await read(files.GITHUB_STEP_SUMMARY),
    outputs: await read(files.GITHUB_OUTPUT),
  };
}

async function runNode(run: ActionRun, environment: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, [run.bundle], {
    env: environment,
    cwd: run.workspace,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(run.signal !== undefined && { signal: run.signal, killSignal: 'SIGINT' as const }),
  });
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(run.onLine);
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => resolve(code ?? 1));
  });
}

/** What a push of a release tag sets (docs.github.com, "Default environment variables"). */
export const releaseTag = (version: string): Readonly<Record<string, string>> => ({
  GITHUB_EVENT_NAME: 'push',
  GITHUB_REF_TYPE: 'tag',
  GITHUB_REF_NAME: `v${version}`,
  GITHUB_SHA: createHash('sha1').update(version).digest('hex'),
  GITHUB_REPOSITORY: 'acme/mnist-mlp',
  GITHUB_RUN_ID: '1',
  GITHUB_ACTOR: 'ada',
});
