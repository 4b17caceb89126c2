import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import { redact, type Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import type { Command, RunTool } from './dockerfile/tool';

/** Programs that render a kustomize folder; no flag of theirs turns on plugins, Helm or functions. */
const PROGRAMS: readonly (readonly [program: string, act: string])[] = [
  ['kustomize', 'build'],
  ['kubectl', 'kustomize'],
];
/** What a shell answers for a program that is not there. */
const MISSING = 127;
/** Remote bases are fetched by git. */
const LONGEST_RUN_MS = 5 * 60_000;
const MAX_OUTPUT_CHARACTERS = 16 * 1024 * 1024;
/** Enough to find the error in. */
const KEPT_LINES = 20;

/** What kustomize makes of a folder: YAML documents. */
export type RenderFolder = (folder: string) => Promise<string>;

/** Renders by `kustomize`, else by `kubectl`, whichever the runner has. */
export const createKustomize =
  (run: RunTool, { signal }: Waiting = {}): RenderFolder =>
  async folder => {
    for (const [program, act] of PROGRAMS) {
      const rendered = await render([program, act, folder], run, signal);
      if (rendered !== undefined) return rendered;
    }
    throw new ModelpierError(
      'not-found',
      `render ${folder}: neither kustomize nor kubectl is on the runner`,
      {
        hint: 'install kustomize in a step before this one, or name the output of `kustomize build` in `manifests`',
      },
    );
  };

async function render(
  command: Command,
  run: RunTool,
  outer: AbortSignal | undefined,
): Promise<string | undefined> {
  const output: string[] = [];
  const said: string[] = [];
  let length = 0;
  const limit = AbortSignal.timeout(LONGEST_RUN_MS);
  const code = await run(command, {
    environment: {},
    signal: outer === undefined ? limit : AbortSignal.any([outer, limit]),
    onLine: (line, stream) => {
      if (stream === 'err') said.push(line);
      else if ((length += line.length + 1) <= MAX_OUTPUT_CHARACTERS) output.push(line);
      if (said.length > KEPT_LINES) said.shift();
    },
  });
  const act = command.join(' ');
  if (outer?.aborted === true)
    throw new ModelpierError('cancelled', `${act}: cancelled`, { cause: outer.reason });
  if (limit.aborted)
    throw new ModelpierError('timeout', `${act}: no end after ${LONGEST_RUN_MS / 60_000} minutes`);
  if (code === MISSING) return undefined;
  if (code !== 0)
    throw new ModelpierError('invalid-document', `${act}: exit code ${code}: ${redact(said.join(' '))}`, {
      hint: 'run the same command in a checkout; plugins, Helm charts and functions are not turned on here',
    });
  if (length > MAX_OUTPUT_CHARACTERS)
    throw new ModelpierError('too-large', `${act}: writes more than ${MAX_OUTPUT_CHARACTERS} characters`);
  return output.join('\n');
}
