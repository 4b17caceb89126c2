import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FleetSize } from '../../fleet/fleet-plan';
import { sourcesOf } from '../../fleet/generate-fleet';
import { freePort } from '../../tools/free-port';

/** Where the plugin's tables are: `backend.database` of the configuration. */
export interface DatabaseConfig {
  readonly client: string;
  readonly connection: object;
  readonly prefix?: string;
}

export interface PortalSetup {
  readonly config: { readonly backend: object; readonly modelpier: object };
  readonly size: FleetSize;
  readonly seed: number;
}

export interface PortalProcess {
  /** Below this are the plugin's routes. */
  readonly url: string;
  readonly token: string;
  stop(): Promise<void>;
}

const TOKEN = 'a-token-for-the-benchmark-alone';

export interface PortalProcessOptions {
  readonly database: DatabaseConfig;
  readonly size: FleetSize;
  readonly seed: number;
  /** What every cluster's API server is taken to be. */
  readonly clusterUrl: string;
  readonly signal: AbortSignal;
}

/** A backend that collects only when it is told to. */
export async function startPortalProcess(options: PortalProcessOptions): Promise<PortalProcess> {
  const { database, size, seed, clusterUrl, signal } = options;
  const port = await freePort();
  const sources = sourcesOf(size);
  const named = (kind: string) => sources.filter(source => source.kind === kind).map(({ name }) => name);
  const setup: PortalSetup = {
    size,
    seed,
    config: {
      backend: {
        baseUrl: `http://127.0.0.1:${port}`,
        listen: { host: '127.0.0.1', port },
        database,
        auth: {
          externalAccess: [{ type: 'static', options: { token: TOKEN, subject: 'benchmark' } }],
        },
      },
      modelpier: {
        registries: named('registry').map(host => ({ host })),
        clusters: named('cluster').map(name => ({ name, url: clusterUrl })),
        schedule: { frequency: { trigger: 'manual' }, timeout: { minutes: 5 } },
      },
    },
  };
  const child = fork(join(import.meta.dirname, 'backend.ts'), {
    env: { ...process.env, LOG_LEVEL: 'error', PORTAL_SETUP: JSON.stringify(setup), NODE_ENV: 'production' },
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  signal.addEventListener('abort', () => child.kill(), { once: true });
  await started(child);
  return {
    url: `http://127.0.0.1:${port}/api/modelpier`,
    token: TOKEN,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}

async function started(child: ChildProcess): Promise<void> {
  const [outcome] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [unknown];
  if (outcome !== 'started') throw new Error(`the backend ended with ${String(outcome)} before it was up`);
}
