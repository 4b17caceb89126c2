import type { Command, RunTool } from '../dockerfile/tool';

interface Answer {
  readonly code?: number;
  readonly says?: readonly string[];
}

/** What a program answers, by its first words: `docker network create`. */
export type Script = Readonly<Record<string, Answer | ((command: Command) => Answer)>>;

/** Stands in for container engines, at the port behind which programs are run; what is not scripted is not there. */
export function scriptedEngine(script: Script): { readonly run: RunTool; readonly commands: string[] } {
  const commands: string[] = [];
  const run: RunTool = (command, { onLine, signal }) => {
    const text = command.join(' ');
    commands.push(text);
    const key = Object.keys(script).find(words => text.startsWith(words));
    const entry = key === undefined ? { code: 127 } : script[key];
    const { code = 0, says = [] } = (typeof entry === 'function' ? entry(command) : entry) ?? {};
    for (const line of says) onLine(line, 'out');
    return Promise.resolve(signal?.aborted === true ? 143 : code);
  };
  return { run, commands };
}
