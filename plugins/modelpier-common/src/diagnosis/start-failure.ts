import { endOf, lastLines, nameOf, type Scene, times } from './container-scene';
import type { Finding } from './diagnosis';
import { containerField, fieldOf } from './facts';

const NEVER_STARTED = ['StartError', 'ContainerCannotRun', 'RunContainerError', 'CreateContainerError'];
/** 128 + SIGILL. */
const ILLEGAL_INSTRUCTION = 132;

/** A container whose program could not be begun, or died of its first instruction. */
export function startFailure(scene: Scene): Finding | undefined {
  const said = startError(scene);
  const lines = lastLines(scene.container);
  const exitCode = endOf(scene.container)?.exitCode ?? 0;
  if (said === undefined && exitCode === 0) return undefined;
  if (/exec format error|cannot execute binary file/i.test(said ?? lines.join('\n')))
    return wrongArchitecture(scene);
  if (said !== undefined) return notStarted(scene, said);
  if (exitCode === ILLEGAL_INSTRUCTION || lines.some(line => line.startsWith('Illegal instruction'))) {
    return illegalInstruction(scene);
  }
  return commandFailure(scene, exitCode);
}

function commandFailure(scene: Scene, exitCode: number): Finding | undefined {
  const what = SHELL[exitCode];
  const said = lastLines(scene.container).at(-1);
  const words = said === undefined ? '' : `: ${said}`;
  return what === undefined ? undefined : badCommand(scene, `${what} (exit code ${exitCode}${words})`);
}

/** How a shell ends that cannot run what it was told to (POSIX, "Exit Status for Commands"). */
const SHELL: Readonly<Record<number, string>> = {
  126: 'a command may not be executed',
  127: 'a command was not found',
};

/** What the container runtime said, where the program never ran. */
function startError({ container }: Scene): string | undefined {
  const { waiting } = container.state ?? {};
  if (waiting !== undefined && NEVER_STARTED.includes(waiting.reason ?? '')) return waiting.message ?? '';
  const ended = endOf(container);
  return NEVER_STARTED.includes(ended?.reason ?? '') ? (ended?.message ?? '') : undefined;
}

function wrongArchitecture(scene: Scene): Finding {
  const { node, facts } = scene;
  const on = node?.architecture === undefined ? 'the node' : `node ${node.name} (${node.architecture})`;
  const built =
    facts.platforms === undefined ? '' : `; the image was built for ${facts.platforms.join(', ')}`;
  const wanted = node?.architecture === undefined ? "the nodes' platforms" : `linux/${node.architecture}`;
  return {
    cause: 'wrong-architecture',
    explanation: `${nameOf(scene)} could not be started: its program is not one that ${on} can run (exec format error)${built}`,
    fix: `build the image for ${wanted} (input \`platforms\`); where the program is a script, give it a first line such as #!/bin/sh`,
  };
}

function illegalInstruction(scene: Scene): Finding {
  const on = scene.node === undefined ? 'its node' : `node ${scene.node.name}`;
  return {
    cause: 'illegal-instruction',
    explanation: `${nameOf(scene)} died of an illegal instruction (exit code 132, restarted ${times(scene.container.restarts)}): its program uses instructions that the processor of ${on} does not have, such as AVX2 or AVX-512`,
    fix: `use a runtime that is built for any processor of this architecture (\`${fieldOf('image', { facts: scene.facts, container: scene.container.name })}\`), or choose nodes that have them (\`nodeSelector\`)`,
  };
}

function notStarted(scene: Scene, said: string): Finding {
  const command = /exec:? "([^"]+)"/.exec(said)?.[1];
  const named = command === undefined ? 'its command' : `its command ${command}`;
  if (/no such file or directory|executable file not found/.test(said) && command !== undefined) {
    return badCommand(scene, `${named} is not in the image`);
  }
  if (/permission denied/.test(said))
    return badCommand(scene, `${named} may not be executed (permission denied)`);
  return {
    cause: 'container-refused',
    explanation: `${nameOf(scene)} could not be started: ${unwrapped(said)}`,
    fix: 'correct what the container runtime refuses in the manifest or in the image',
  };
}

const badCommand = (scene: Scene, what: string): Finding => ({
  cause: 'bad-command',
  explanation: `${nameOf(scene)} could not be started: ${what}`,
  fix: `correct \`${containerField(scene.container.name, 'command')}\`, or the entrypoint of the image (inputs \`entrypoint\`, \`cmd\`)`,
  field: containerField(scene.container.name, 'command'),
});

const unwrapped = (said: string): string => {
  const text = said.replace(
    /^(?:failed to create (?:containerd|shim) task: |OCI runtime create failed: |runc create failed: )*/,
    '',
  );
  return text === '' ? 'the container runtime does not say why' : text;
};
