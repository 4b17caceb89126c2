import { spawn } from 'node:child_process';
import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** The whole environment; by default that of the bench. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly signal: AbortSignal;
}

export interface Outcome {
  readonly code: number;
  readonly seconds: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Enough to see why something failed. */
const KEPT_TEXT = 2000;

/** Runs a program to its end; throws where it fails. */
export async function run(command: Command): Promise<Outcome> {
  const outcome = await attempt(command);
  if (outcome.code === 0) return outcome;
  const { program, args } = command;
  const words = [program, ...args].join(' ');
  const said = `${outcome.stdout}\n${outcome.stderr}`.trim().slice(-KEPT_TEXT);
  throw new ModelpierError('upstream', `${words}: exit code ${outcome.code}\n${said}`);
}

/** Runs a program to its end, whatever that is. */
export function attempt({ program, args, env, cwd, signal }: Command): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn(program, args, {
      env: env ?? process.env,
      cwd,
      signal,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => (said[name] += text));
    }
    child.once('error', reject);
    child.once('close', code => {
      resolve({ code: code ?? -1, seconds: (performance.now() - startedAt) / 1000, ...said });
    });
  });
}
