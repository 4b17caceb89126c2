import { readFile, stat, writeFile } from 'node:fs/promises';
import { digestOf } from '../../../test/servers/registry/samples';
import type { Command, RunTool } from './tool';

/** What a builder was called with, and what lay in its files while it ran. */
export interface Calls {
  readonly commands: Command[];
  readonly environments: Readonly<Record<string, string>>[];
  /** Mode and content of the files that held secrets. */
  readonly secrets: string[];
}

export interface Script {
  /** Pushes under the tag as a builder does; answers the digest that it says. */
  readonly push: () => Promise<string>;
  readonly onBuild?: () => void;
  readonly says?: readonly string[];
  readonly code?: number;
}

/** Stands in for buildah on a machine without Docker, at the port behind which programs are run. */
export function scriptedBuildah({ push, onBuild, says = [], code = 0 }: Script, calls: Calls): RunTool {
  const acts: Readonly<Record<string, (command: Command) => Promise<void>>> = {
    build: async command => {
      const secret = /src=(.*)/.exec(valueOf(command, 'secret'))?.[1];
      if (secret !== undefined) {
        const { mode } = await stat(secret);
        calls.secrets.push(`${(mode & 0o777).toString(8)} ${await readFile(secret, 'utf8')}`);
      }
      await writeFile(valueOf(command, 'iidfile'), `${digestOf(Buffer.from('image'))}\n`);
      onBuild?.();
    },
    push: async command => writeFile(valueOf(command, 'digestfile'), await push()),
  };
  return async (command, { environment, onLine, signal }) => {
    calls.commands.push(command);
    calls.environments.push(environment);
    const [program, act = ''] = command;
    if (program !== 'buildah') return 127;
    if (act === '--version') return 0;
    says.forEach(line => onLine(line, 'out'));
    await acts[act]?.(command);
    return signal?.aborted === true ? 143 : code;
  };
}

const valueOf = (command: Command, name: string): string =>
  command.find(word => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? '';
