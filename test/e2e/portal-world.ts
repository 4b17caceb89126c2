import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityRef } from '@modelpier/backstage-plugin-modelpier-common';
import { type Portal, startPortal } from '../../examples/demo/portal';
import { PortalClient } from '../../examples/demo/portal-client';
import { type Postgres, startPostgres } from './postgres';
import { REGISTRY } from './real';

const ROOT = join(__dirname, '../..');
export const ENTITY: EntityRef = { kind: 'component', namespace: 'default', name: 'mnist-mlp' };
const PORT = 7207;
const VERSIONS = 4;

export interface PortalWorld {
  readonly url: string;
  readonly client: PortalClient;
}

let opened: { readonly portal: Portal; readonly postgres: Postgres } | undefined;

/** The example portal on PostgreSQL, started once, with every version collected. */
export async function openPortal(given: {
  readonly folder: string;
  readonly kubeconfig: string;
  readonly repository: string;
}): Promise<PortalWorld> {
  opened ??= await start(given);
  const { url } = opened.portal;
  return { url, client: new PortalClient(url) };
}

export async function closePortal(): Promise<void> {
  await opened?.portal.close();
  await opened?.postgres.close();
  opened = undefined;
}

async function start({
  folder,
  kubeconfig,
  repository,
}: Parameters<typeof openPortal>[0]): Promise<NonNullable<typeof opened>> {
  const catalog = join(folder, 'catalog-info.yaml');
  const entity = await readFile(join(ROOT, 'examples/mnist-mlp/catalog-info.yaml'), 'utf8');
  await writeFile(catalog, entity.replace(/(modelpier\.io\/image:).*/, `$1 ${repository}`));
  const postgres = await startPostgres();
  const portal = await startPortal({
    root: ROOT,
    port: PORT,
    registry: REGISTRY,
    kubeconfig,
    catalog,
    logFile: join(folder, 'portal.log'),
    args: ['--config', 'app-config.postgres.yaml'],
    environment: postgres.environment,
  });
  const client = new PortalClient(portal.url);
  for (let tries = 0; ; tries += 1) {
    const shown = await countShown(client).catch((error: unknown) => String(error));
    if (shown === `${VERSIONS} versions, 1 deployments`) break;
    if (tries === 120) throw new Error(`the portal shows ${shown}; its log is ${join(folder, 'portal.log')}`);
    await sleep(1000);
  }
  const plugin = await postgres.query(
    'postgres',
    "select count(*) from pg_database where datname like '%modelpier'",
  );
  if (plugin !== '1') throw new Error('the plugin did not make its database in PostgreSQL');
  return { portal, postgres };
}

async function countShown(client: PortalClient): Promise<string> {
  const [versions, deployments] = [await client.versions(ENTITY), await client.deployments(ENTITY)];
  return `${versions.total} versions, ${deployments.items.length} deployments`;
}
