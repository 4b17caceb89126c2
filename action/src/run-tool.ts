import { StringDecoder } from 'node:string_decoder';
import { exec } from '@actions/exec';
import type { RunTool } from './dockerfile/tool';
import type { Environment } from './github/context';

interface RunnerOptions {
  /** As `process.kill`. */
  readonly kill: (processId: number, signal: NodeJS.Signals) => void;
  readonly environment: Environment;
}

/**
 * `@actions/exec` gives no handle on what it starts, so a shell says its process id in the first line and then
 * becomes the program; in a group of its own, where there is setsid, so that its children end with it.
 */
const ANNOUNCE = 'echo $$; exec "$@"';
const IN_GROUP = `command -v setsid >/dev/null && exec setsid sh -c '${ANNOUNCE}' sh "$@"; ${ANNOUNCE}`;

/** GitHub kills a cancelled job 2.5 s after SIGTERM; a builder gets less to clean up. */
const GRACE_MS = 2_000;

/** Runs programs with the job's environment but for its inputs, which hold secrets that no builder needs. */
export function createToolRunner({ kill, environment }: RunnerOptions): RunTool {
  const inherited = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('INPUT_'),
  );
  return async (command, { environment: added, onLine, signal }) => {
    signal?.throwIfAborted();
    const child = new Child(kill);
    const stop = (): void => child.end(GRACE_MS);
    signal?.addEventListener('abort', stop);
    const out = new Lines(line => {
      if (child.isKnown) onLine(line, 'out');
      else child.known(Number(line));
    });
    const err = new Lines(line => onLine(line, 'err'));
    try {
      return await exec('sh', ['-c', IN_GROUP, 'sh', ...command], {
        env: { ...Object.fromEntries(inherited), ...added },
        silent: true,
        ignoreReturnCode: true,
        delay: GRACE_MS,
        listeners: {
          stdout: chunk => out.add(chunk),
          stderr: chunk => err.add(chunk),
        },
      });
    } finally {
      out.end();
      err.end();
      signal?.removeEventListener('abort', stop);
      child.ended();
    }
  };
}

/** Cuts bytes into lines; the listeners of `@actions/exec` that do so break a letter between two chunks. */
class Lines {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onLine: (line: string) => void;
  #open: string[] = [];

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  add(chunk: Buffer): void {
    const [first = '', ...rest] = this.#decoder.write(chunk).split('\n');
    this.#open.push(first);
    for (const next of rest) {
      this.#tell();
      this.#open = [next];
    }
  }

  /** A last line without an end is a line too. */
  end(): void {
    this.#open.push(this.#decoder.end());
    if (this.#open.join('') !== '') this.#tell();
    this.#open = [];
  }

  #tell(): void {
    this.#onLine(this.#open.join('').replace(/\r$/, ''));
  }
}

/** A process that is known by its number alone. */
class Child {
  readonly #kill: RunnerOptions['kill'];
  #id: number | undefined;
  #graceMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(kill: RunnerOptions['kill']) {
    this.#kill = kill;
  }

  get isKnown(): boolean {
    return this.#id !== undefined;
  }

  known(id: number): void {
    this.#id = id;
    if (this.#graceMs !== undefined) this.end(this.#graceMs);
  }

  /** Asks it to end, and after the grace makes it. */
  end(graceMs: number): void {
    this.#graceMs = graceMs;
    this.#signal('SIGTERM');
    this.#timer ??= setTimeout(() => this.#signal('SIGKILL'), graceMs);
  }

  ended(): void {
    clearTimeout(this.#timer);
    // What it left behind in its group, such as an instruction of the Dockerfile that still runs.
    if (this.#graceMs !== undefined) this.#signal('SIGKILL');
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#id === undefined) return;
    for (const target of [-this.#id, this.#id]) {
      try {
        this.#kill(target, signal);
        return;
      } catch {
        // No such group, or no such process: there is nothing left to end.
      }
    }
  }
}
