import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type { Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import type { Texts } from './texts';

/** A program and its arguments; no shell reads them. */
export type Command = readonly [program: string, ...args: string[]];

interface ToolCall extends Waiting {
  /** On top of the run's own environment. */
  readonly environment: Texts;
  /** Each line of what the program writes, and to which stream. */
  readonly onLine: (line: string, stream: 'out' | 'err') => void;
}

/** Runs a program to its end and answers its exit code; a signal ends it and all that it started. */
export type RunTool = (command: Command, call: ToolCall) => Promise<number>;

/** How a builder's programs are run. */
export interface Toolbox extends Waiting {
  readonly run: RunTool;
  readonly environment: Texts;
  readonly onLine: (line: string) => void;
  /** Blotted out of every line: values of build secrets. */
  readonly secrets: readonly string[];
}

/** A build may compile a framework; one that takes longer than this hangs. */
const LONGEST_RUN_MS = 2 * 60 * 60 * 1000;
/** Enough to find the error among what a builder says after it. */
const KEPT_LINES = 40;
/** How builders begin the line that says what went wrong. */
const ERROR_LINE = /^(?:error|fatal)\b|\berror:|\blevel=(?:error|fatal)\b/i;

/** Runs a program that has to succeed; the error carries what it said of it, and the hint that fits. */
export async function runTool(
  toolbox: Toolbox,
  command: Command,
  hintFor: (said: string) => string,
): Promise<void> {
  const lines: string[] = [];
  const onLine = (line: string): void => {
    const shown = blot(line, toolbox.secrets);
    toolbox.onLine(shown);
    if (shown.trim() !== '') lines.push(shown.trim());
    if (lines.length > KEPT_LINES) lines.shift();
  };
  const limit = AbortSignal.timeout(LONGEST_RUN_MS);
  const signal = toolbox.signal === undefined ? limit : AbortSignal.any([toolbox.signal, limit]);
  const code = await toolbox.run(command, { environment: toolbox.environment, onLine, signal });
  const act = actOf(command);
  if (toolbox.signal?.aborted === true) {
    throw new ModelpierError('cancelled', `${act}: cancelled`, { cause: toolbox.signal.reason });
  }
  if (limit.aborted)
    throw new ModelpierError('timeout', `${act}: no end after ${LONGEST_RUN_MS / 60_000} minutes`);
  if (code === 0) return;
  const said = lines.findLast(line => ERROR_LINE.test(line)) ?? lines.at(-1) ?? 'it said nothing';
  throw new ModelpierError('upstream', `${act}: exit code ${code}: ${said.slice(0, 500)}`, {
    hint: hintFor(said),
  });
}

/** Asks a program about itself: what it answered, or nothing where it is not there or not able. */
export async function askTool(toolbox: Toolbox, command: Command): Promise<readonly string[] | undefined> {
  const lines: string[] = [];
  const onLine = (line: string): number => lines.push(line);
  const limit = AbortSignal.timeout(LONGEST_QUESTION_MS);
  const signal = toolbox.signal === undefined ? limit : AbortSignal.any([toolbox.signal, limit]);
  const code = await toolbox.run(command, { environment: toolbox.environment, onLine, signal });
  toolbox.signal?.throwIfAborted();
  return code === 0 ? lines : undefined;
}

/** A builder that is about to start may take its time to answer. */
const LONGEST_QUESTION_MS = 60_000;

/** `buildah build`, `docker buildx build`: the words before the first option. */
const actOf = (command: Command): string =>
  command
    .slice(
      0,
      Math.max(
        1,
        command.findIndex(word => word.startsWith('-')),
      ),
    )
    .join(' ');

function blot(line: string, secrets: readonly string[]): string {
  return secrets
    .flatMap(secret => secret.split(/\r?\n/))
    .filter(part => part.length >= SHORTEST_SECRET)
    .reduce((text, part) => text.replaceAll(part, '***'), line);
}

/** Shorter ones would blot out half the log, and GitHub's own masks leave them out too. */
const SHORTEST_SECRET = 4;
