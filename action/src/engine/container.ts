import {
  ceilDivide,
  formatDecimal,
  NANO_PER_UNIT,
  parseQuantity,
} from '@modelpier/backstage-plugin-modelpier-common';
import { askTool, type Command, runTool, type Toolbox } from '../dockerfile/tool';
import type { Engine, EngineName } from './engine';

/** An image and what it may use. */
export interface ContainerSpec {
  /** Names the container and its network; nothing else on this machine is called so. */
  readonly name: string;
  /** `repository@sha256:...`. */
  readonly image: string;
  /** In place of that of the image, as the manifests that the action makes have it. */
  readonly user: string | undefined;
  /** Kubernetes quantities. */
  readonly limits: { readonly cpu?: string | undefined; readonly memory?: string | undefined };
  /** Whether its registry is asked without TLS. */
  readonly isPlain: boolean;
}

/** A container that was started. */
export interface Container {
  /** Reached from this machine alone; nothing where it ended at once. */
  readonly address: string | undefined;
  /** How it ended; nothing while it runs. */
  ending(): Promise<string | undefined>;
  /** Its last lines. */
  log(): Promise<readonly string[]>;
}

/** Enough to see why a server ended. */
const LOG_LINES = 30;
/** As many as a server with a thread for each processor and request needs. */
const MOST_PROCESSES = 1024;

/**
 * Runs the image for as long as the work takes, as little trusted as a model is: no network but the way to this
 * machine, a root file system that it cannot write, no capability, no new privileges, the limits of its release.
 * Whatever comes of it, the container, its network, and the image where it was not there before are removed.
 */
export async function withContainer<T>(
  engine: Engine,
  { spec, toolbox }: { readonly spec: ContainerSpec; readonly toolbox: Toolbox },
  work: (container: Container) => Promise<T>,
): Promise<T> {
  const { name } = engine;
  const wasThere = (await askTool(toolbox, [name, 'image', 'inspect', spec.image])) !== undefined;
  try {
    await runTool(toolbox, pull(engine, spec), said => pullHint(said, spec.image));
    await runTool(toolbox, [name, 'network', 'create', '--internal', spec.name], () => ENGINE_HINT);
    await runTool(toolbox, create(engine, spec), () => ENGINE_HINT);
    await runTool(toolbox, [name, 'start', spec.name], () => ENGINE_HINT);
    return await work(await containerOf(engine, spec, toolbox));
  } finally {
    await removeContainer({ engine: name, name: spec.name }, toolbox);
    if (!wasThere) await askTool(unstopped(toolbox), [name, 'image', 'rm', spec.image]);
  }
}

/** What a run may leave behind: a container, and a network of the same name. */
export interface MadeContainer {
  readonly engine: EngineName;
  readonly name: string;
}

/** All of it that is there; also when the run is being stopped. */
export async function removeContainer({ engine, name }: MadeContainer, toolbox: Toolbox): Promise<void> {
  const last = unstopped(toolbox);
  await askTool(last, [engine, 'rm', '--force', '--volumes', name]);
  await askTool(last, [engine, 'network', 'rm', name]);
}

const unstopped = (toolbox: Toolbox): Toolbox => ({ ...toolbox, signal: undefined });

const ENGINE_HINT = 'see whether the engine runs other containers, or set `golden: off`';

const pullHint = (said: string, image: string): string =>
  /denied|unauthorized|forbidden/i.test(said)
    ? `check that the job may pull ${image}`
    : 'check that the engine reaches the registry; one without TLS has to be named in the configuration of Docker';

const pull = (
  { name, platform: { os, architecture } }: Engine,
  { image, isPlain }: ContainerSpec,
): Command => [
  name,
  'pull',
  '--quiet',
  `--platform=${os}/${architecture}`,
  ...(name === 'podman' && isPlain ? ['--tls-verify=false'] : []),
  image,
];

function create(engine: Engine, { name, image, user, limits }: ContainerSpec): Command {
  return [
    engine.name,
    'create',
    `--name=${name}`,
    `--network=${name}`,
    '--pull=never',
    '--read-only',
    '--tmpfs=/tmp:exec,size=256m,mode=1777',
    '--env=HOME=/tmp',
    ...withoutProxy(engine),
    '--cap-drop=ALL',
    '--security-opt=no-new-privileges',
    `--pids-limit=${MOST_PROCESSES}`,
    '--log-driver=json-file',
    '--log-opt=max-size=1m',
    ...(user === undefined ? [] : [`--user=${user}`]),
    ...(limits.cpu === undefined ? [] : [`--cpus=${cpusOf(limits.cpu, engine)}`]),
    // As much swap as memory means none.
    ...(limits.memory === undefined
      ? []
      : ['memory', 'memory-swap'].map(limit => `--${limit}=${bytesOf(limits.memory ?? '')}`)),
    image,
  ];
}

const PROXY_SETTINGS = ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY'];

/** Engines hand on the proxy of this machine, password included; a model has no use for either. */
const withoutProxy = ({ name }: Engine): readonly string[] =>
  name === 'podman'
    ? ['--http-proxy=false']
    : PROXY_SETTINGS.flatMap(each => [`--env=${each}=`, `--env=${each.toLowerCase()}=`]);

/** An engine refuses more processors than there are. */
function cpusOf(quantity: string, { cpus }: Engine): string {
  const { nano } = parseQuantity(quantity);
  const most = BigInt(cpus) * NANO_PER_UNIT;
  return formatDecimal(nano < most ? nano : most);
}

const bytesOf = (quantity: string): string => String(ceilDivide(parseQuantity(quantity).nano, NANO_PER_UNIT));

async function containerOf({ name }: Engine, spec: ContainerSpec, toolbox: Toolbox): Promise<Container> {
  const inspect = (format: string): Promise<readonly string[] | undefined> =>
    askTool(toolbox, [name, 'inspect', '--type=container', `--format=${format}`, spec.name]);
  const log = async (): Promise<readonly string[]> =>
    (await askTool(toolbox, [name, 'logs', `--tail=${LOG_LINES}`, spec.name])) ?? [];
  const ending = async (): Promise<string | undefined> => {
    const state = await inspect('{{.State.Running}} {{.State.ExitCode}} {{.State.OOMKilled}}');
    const [, code, isOutOfMemory] = /^false (\d+) (true|false)$/m.exec(state?.join('\n') ?? '') ?? [];
    if (code === undefined) return undefined;
    return isOutOfMemory === 'true'
      ? `it was killed at its memory limit ${spec.limits.memory ?? ''}`
      : `it ended with exit code ${code}`;
  };
  const said = await inspect(`{{(index .NetworkSettings.Networks "${spec.name}").IPAddress}}`);
  return { address: said?.find(line => /^\d+(?:\.\d+){3}$/.test(line)), ending, log };
}
