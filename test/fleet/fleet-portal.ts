import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { startPortal } from '../../examples/demo/portal';
import type { DatabaseConfig } from '../bench/portal/portal-process';
import { fleetEntity } from './fleet-entity';
import type { FleetSize, PlannedModel } from './fleet-plan';
import { sourcesOf } from './generate-fleet';
import { freePort } from '../tools/free-port';

export interface FleetPortal {
  readonly url: string;
  /** Has a source collected now, as its task would. */
  collect(task: string): Promise<void>;
  /** Waits until the catalog has taken up so many models. */
  untilInCatalog(models: number): Promise<void>;
  close(): Promise<void>;
}

export interface FleetPortalOptions {
  /** For the configuration, the catalog file and the log. */
  readonly folder: string;
  readonly size: FleetSize;
  /** The models that the catalog has: all of a large fleet take it minutes. */
  readonly entities: readonly PlannedModel[];
  readonly database: DatabaseConfig;
  /** Clusters beside those of the fleet. */
  readonly clusters?: readonly object[];
  readonly signal?: AbortSignal;
}

const ROOT = resolve(__dirname, '../..');
const TOKEN = 'a-token-for-tests-of-the-page-alone';
/** Nothing listens there, and nothing is asked: sources are collected only where a test says so. */
const NOWHERE = 'http://127.0.0.1:9';

/** The example portal as people build it, over a fleet that was generated. */
export async function startFleetPortal(options: FleetPortalOptions): Promise<FleetPortal> {
  const { folder, entities, signal } = options;
  await mkdir(folder, { recursive: true });
  const catalog = join(folder, 'models.yaml');
  await writeFile(catalog, entities.map(model => stringify(fleetEntity(model))).join('---\n'));
  const config = join(folder, 'app-config.fleet.yaml');
  await writeFile(config, stringify(configOf(options)));
  const portal = await startPortal({
    root: ROOT,
    port: await freePort(),
    registry: 'registry.invalid',
    kubeconfig: '/dev/null',
    catalog,
    logFile: join(folder, 'portal.log'),
    args: ['--config', config],
    ...(signal !== undefined && { signal }),
  });
  return {
    url: portal.url,
    collect: async task => {
      const { status } = await fetch(
        `${portal.url}/api/modelpier/.backstage/scheduler/v1/tasks/${task}/trigger`,
        { method: 'POST', headers: { authorization: `Bearer ${TOKEN}` } },
      );
      if (status >= 400) throw new Error(`the task ${task} could not be started: ${status}`);
    },
    untilInCatalog: async models => {
      let found = 0;
      for (let waitedMs = 0; waitedMs < CATALOG_WITHIN_MS; waitedMs += 500) {
        found = await countInCatalog(portal.url);
        if (found >= models) return;
        await sleep(500);
      }
      throw new Error(`the catalog has ${found} of ${models} models`);
    },
    close: () => portal.close(),
  };
}

const CATALOG_WITHIN_MS = 120_000;

async function countInCatalog(url: string): Promise<number> {
  const query = 'filter=spec.type=ml-model&limit=0';
  const answer = await fetch(`${url}/api/catalog/entities/by-query?${query}`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  return ((await answer.json()) as { totalItems: number }).totalItems;
}

function configOf({ size, database, clusters = [] }: FleetPortalOptions): object {
  const named = (kind: string) =>
    sourcesOf(size)
      .filter(source => source.kind === kind)
      .map(({ name }) => name);
  return {
    backend: {
      database,
      auth: { externalAccess: [{ type: 'static', options: { token: TOKEN, subject: 'tests' } }] },
    },
    modelpier: {
      registries: named('registry').map(host => ({ host })),
      clusters: [...named('cluster').map(name => ({ name, url: NOWHERE })), ...clusters],
      schedule: { frequency: { trigger: 'manual' }, timeout: { minutes: 5 } },
    },
  };
}
