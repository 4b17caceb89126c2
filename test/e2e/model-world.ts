import {
  IMAGE_FACTS,
  IMAGE_METRICS,
  IMAGE_MODEL,
  IMAGE_VERSION,
  LAYER_FILES,
  LAYER_KIND,
  type Repository,
  versionsPage,
  deploymentsAnswer,
  routes,
} from '@modelpier/backstage-plugin-modelpier-common';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { startPortal } from '../../examples/demo/portal';
import { PortalClient } from '../../examples/demo/portal-client';
import { modelEntity } from '../portal/portal';
import { layerBytes, pinned, pushSample, sampleDeployment } from '../portal/release';
import { startWorld, type World } from '../portal/world';

const ROOT = join(__dirname, '../..');
export const FOLDER = join(ROOT, '.modelpier/e2e-model-page');
const PORT = 7217;
const QUOTA = { 'requests.cpu': '4', 'requests.memory': '8Gi' };
const VERSIONS = ['1.0.0', '1.1.0', '1.2.0'];
/** As long as the catalog lets a name be. */
export const LONG = 'a-model-with-a-name-that-takes-all-of-sixty-three-characters-ok';

export interface ModelWorld {
  readonly url: string;
  readonly world: World;
  close(): Promise<void>;
}

/** The example portal over a registry and a cluster in this process: a model with three versions that runs. */
export async function startModelWorld(): Promise<ModelWorld> {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const world = await startWorld({
    usage: () => ({ usageNanoCores: 120_000_000, workingSetBytes: 211_000_000 }),
  });
  const repository = { registry: world.registry.host, path: 'acme/mnist-mlp' };
  const newest = await pushVersions(world, repository);
  world.cluster.create({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'team', namespace: 'apps' },
    status: { hard: QUOTA, used: { 'requests.cpu': '1500m', 'requests.memory': '3Gi' } },
    spec: { hard: QUOTA },
  });
  for (const name of ['mnist-mlp', LONG])
    world.cluster.create(
      sampleDeployment({
        name: name.slice(0, 40),
        model: name,
        image: pinned(repository, newest),
        replicas: 3,
        resources: { requests: { cpu: '250m', memory: '512Mi' }, limits: { memory: '512Mi' } },
        annotations: { 'modelpier.io/environment': 'production' },
      }),
    );
  await world.settled();
  const image = `${repository.registry}/${repository.path}`;
  const catalog = join(FOLDER, 'catalog-info.yaml');
  const entities = ['mnist-mlp', LONG].map(name => modelEntity(name, image));
  await writeFile(catalog, entities.map(entity => stringify(entity)).join('---\n'));
  const config = join(FOLDER, 'app-config.yaml');
  const schedule = { frequency: { seconds: 3 }, timeout: { seconds: 30 }, initialDelay: { seconds: 3 } };
  const clusters = [{ name: 'harbor', url: world.cluster.url }];
  await writeFile(config, stringify({ modelpier: { clusters, schedule } }));
  const portal = await startPortal({
    root: ROOT,
    port: PORT,
    registry: world.registry.host,
    kubeconfig: join(FOLDER, 'none'),
    catalog,
    logFile: join(FOLDER, 'portal.log'),
    args: ['--config', config],
  });
  const close = async () => {
    await portal.close();
    await world.close();
  };
  await collected(portal.url).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { url: portal.url, world, close };
}

async function pushVersions({ client }: World, repository: Repository) {
  const base = { bytes: layerBytes('base', 400_000) };
  const facts = {
    format: 'torchscript',
    inputs: [{ name: 'image', datatype: 'FP32', shape: [-1, 784] }],
    outputs: [{ name: 'logits', datatype: 'FP32', shape: [-1, 10] }],
    sizeBytes: 40_000,
  };
  let newest;
  for (const version of VERSIONS) {
    const layer = (kind: string, sizeBytes: number, seed: string) => ({
      bytes: layerBytes(`${kind} ${seed}`, sizeBytes),
      annotations: { [LAYER_KIND]: kind, [LAYER_FILES]: `["/models/mnist-mlp/${kind}.bin"]` },
    });
    const layers = [base, layer('weights', 40_000, version), layer('code', 900, 'always')];
    const annotations = {
      [IMAGE_VERSION]: version,
      [IMAGE_MODEL]: 'mnist-mlp',
      [IMAGE_METRICS]: '{"accuracy":0.9582}',
      [IMAGE_FACTS]: JSON.stringify(facts),
    };
    newest = await pushSample(client, repository, { layers, annotations }, version);
  }
  if (newest === undefined) throw new Error('no version was pushed');
  return newest.digest;
}

async function collected(url: string): Promise<void> {
  const client = new PortalClient(url);
  const entity = { kind: 'component', namespace: 'default', name: 'mnist-mlp' };
  for (let tries = 0; ; tries += 1) {
    const shown = await Promise.all([
      client.read(routes.versions(entity), versionsPage),
      client.read(routes.deployments(entity), deploymentsAnswer),
    ]).catch(() => undefined);
    if (shown?.[0].total === VERSIONS.length && shown[1].items.length === 1) return;
    if (tries === 90) throw new Error(`the portal shows not all; its log is ${join(FOLDER, 'portal.log')}`);
    await sleep(1000);
  }
}
