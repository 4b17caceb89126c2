import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { attempt } from '../tools/command';
import { BUILDX, findDebianTool } from '../tools/debian-tool';

/** A Docker engine with storage of its own and no network but the machine's, and buildx for the client. */
export interface Docker {
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const START_TRIES = 60;
/** Addresses of its networks, which no other network has. */
const CONTAINERS = '10.213.0.0/16';

/** Docker is told to leave the machine's rules alone; what its containers send leaves the machine all the same not. */
async function guard(act: '-I' | '-D'): Promise<void> {
  const signal = AbortSignal.timeout(10_000);
  await attempt({
    program: 'iptables',
    args: ['-w', act, 'FORWARD', '-s', CONTAINERS, '-j', 'REJECT'],
    signal,
  });
}

export async function startDocker(options: {
  readonly cache: string;
  readonly signal: AbortSignal;
}): Promise<Docker> {
  const folder = await mkdtemp(join(tmpdir(), 'modelpier-docker-'));
  const plugins = join(folder, 'config/cli-plugins');
  await mkdir(plugins, { recursive: true });
  await cp(await findDebianTool(BUILDX, options), join(plugins, 'docker-buildx'));
  const host = `unix://${join(folder, 'docker.sock')}`;
  const dirs = ['data-root', 'exec-root'].flatMap(name => [`--${name}`, join(folder, name)]);
  const engine = spawn(
    'dockerd',
    [
      '-H',
      host,
      ...dirs,
      '--pidfile',
      join(folder, 'pid'),
      '--bridge=none',
      '--iptables=false',
      '--ip6tables=false',
      `--default-address-pool=base=${CONTAINERS},size=24`,
    ],
    { stdio: 'ignore' },
  );
  await guard('-I');
  const ended = new Promise<void>(resolve => engine.once('close', () => resolve()));
  const environment = { DOCKER_HOST: host, DOCKER_CONFIG: join(folder, 'config') };
  const stop = async (): Promise<void> => {
    engine.kill();
    await ended;
    await guard('-D');
    await rm(folder, { recursive: true, force: true });
  };
  for (let tried = 0; tried < START_TRIES && engine.exitCode === null; tried++) {
    const env = { ...process.env, ...environment };
    const { code } = await attempt({ program: 'docker', args: ['version'], env, signal: options.signal });
    if (code === 0) return { environment, stop };
    await setTimeout(500, undefined, { signal: options.signal });
  }
  await stop();
  throw new Error('dockerd does not answer');
}
