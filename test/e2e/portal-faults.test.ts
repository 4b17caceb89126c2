import {
  deploymentsAnswer,
  modelsPage,
  routes,
  versionsPage,
} from '@modelpier/backstage-plugin-modelpier-common';
import createKnex, { type Knex } from 'knex';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { recountRepository } from '../../plugins/modelpier-backend/src/store/layer-count-store';
import { type BackendProcess, startBackendProcess } from '../portal/backend-process';
import { modelEntity } from '../portal/portal';
import { layerBytes, pinned, pushSample, sampleDeployment } from '../portal/release';
import { startWorld, type World } from '../portal/world';
import { freePort } from '../tools/free-port';
import { type Postgres, startPostgres } from './postgres';

const mnist = { kind: 'component', namespace: 'default', name: 'mnist' };
const TIMEOUT_S = 5;
/** Backstage looks once a minute for tasks that a killed process has left. */
const LOOK_S = 60;
/** A machine that does other things besides. */
const SLACK_S = 15;

let world: World;
let postgres: Postgres;
let folder: string;
let port: number;
let opened: Knex | undefined;
let pushed = 0;
const processes: BackendProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelpier-portal-faults-'));
  world = await startWorld();
  port = await freePort();
  postgres = await startPostgres({ port });
  const digest = await push();
  world.cluster.create(
    sampleDeployment({ name: 'mnist', model: 'mnist', image: pinned(repository(), digest) }),
  );
  await world.settled();
}, 60_000);
afterEach(async () => {
  world.registry.faults.clear();
  for (const each of processes.splice(0)) await each.kill('SIGKILL');
});
afterAll(async () => {
  await opened?.destroy();
  await postgres.close();
  await world.close();
}, 60_000);

const repository = () => ({ registry: world.registry.host, path: 'acme/mnist' });

async function push() {
  pushed += 1;
  const layers = [{ bytes: layerBytes('base', 100) }, { bytes: layerBytes(String(pushed), 10) }];
  return (await pushSample(world.client, repository(), { layers }, `0.0.${pushed}`)).digest;
}

const connection = () => ({
  host: '127.0.0.1',
  port,
  user: postgres.environment['POSTGRES_USER'] ?? '',
  password: postgres.environment['POSTGRES_PASSWORD'] ?? '',
});

/** The plugin's database, once a backend has made it. */
const database = (): Knex =>
  (opened ??= createKnex({
    client: 'pg',
    connection: { ...connection(), database: 'backstage_plugin_modelpier' },
  }));

async function start(): Promise<BackendProcess> {
  const started = await startBackendProcess({
    database: { client: 'pg', connection: connection() },
    modelpier: {
      registries: [{ host: world.registry.host }],
      clusters: [{ name: 'test', url: world.cluster.url }],
      schedule: { frequency: { seconds: 1 }, timeout: { seconds: TIMEOUT_S }, initialDelay: { seconds: 0 } },
    },
    entities: [modelEntity('mnist', `${world.registry.host}/acme/mnist`)],
    logFile: join(folder, 'portal.log'),
  });
  processes.push(started);
  return started;
}

async function until(isTrue: () => Promise<boolean>, withinS: number): Promise<void> {
  const end = Date.now() + withinS * 1000;
  while (Date.now() < end) {
    if (await isTrue().catch(() => false)) return;
    await sleep(100);
  }
  throw new Error(`it did not come to be within ${withinS} seconds; the log is in ${folder}`);
}

const shows = (portal: BackendProcess, versions: number) => async () =>
  (await portal.read(`${routes.versions(mnist)}?limit=100`, versionsPage)).total === versions;

/** Nothing is twice, and every count is what it would be if it were counted now. */
async function expectWhole(portal: BackendProcess): Promise<void> {
  const knex = database();
  const items = async () => (await portal.read(routes.deployments(mnist), deploymentsAnswer)).items;
  // The cluster is another task, which may have to be taken over by itself.
  await until(async () => (await items()).length > 0, TIMEOUT_S + LOOK_S + SLACK_S);
  const tags = await knex('tags').orderBy('name').pluck<string[]>('name');
  expect(tags.toSorted()).toEqual(Array.from({ length: pushed }, (_, at) => `0.0.${at + 1}`).toSorted());
  const counts = () => knex('layers').orderBy('id').select('id', 'occurrences', 'versions');
  const before: unknown = await counts();
  for (const id of await knex('repositories').pluck<number[]>('id')) await recountRepository(knex, id);
  expect(await counts()).toEqual(before);
  expect(await knex('workloads').pluck('name')).toEqual(['mnist']);
  const { items: models } = await portal.read(routes.models, modelsPage);
  expect(models).toMatchObject([{ versions: pushed, health: 'Current' }]);
  expect(await items()).toHaveLength(1);
}

it('takes over from a process that was killed while it collected, within a bounded time', async () => {
  const first = await start();
  await until(shows(first, pushed), 30);
  world.registry.faults.inject({ kind: 'slow', delayMs: 60_000, path: /tags\/list/, times: 1 });
  const asked = world.registry.requests.length;
  await until(
    () =>
      Promise.resolve(world.registry.requests.slice(asked).some(({ path }) => path.endsWith('tags/list'))),
    30,
  );
  await first.kill('SIGKILL');
  world.registry.faults.clear();
  await push();

  const begun = Date.now();
  const second = await start();
  await until(shows(second, pushed), TIMEOUT_S + LOOK_S + SLACK_S);
  console.info(`taken over after ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  await expectWhole(second);
}, 180_000);

it('loses and doubles nothing where it is killed again and again while it collects', async () => {
  for (let kill = 1; kill <= 4; kill += 1) {
    for (let more = 0; more < 10; more += 1) await push();
    world.registry.faults.inject({ kind: 'slow', delayMs: 20, times: 1000 });
    const asked = world.registry.requests.length;
    const portal = await start();
    // Each time a little later: among the tags, among the manifests, and among the writes that follow them.
    await until(
      () => Promise.resolve(world.registry.requests.length >= asked + 12 * kill),
      TIMEOUT_S + LOOK_S + SLACK_S,
    );
    await portal.kill('SIGKILL');
    world.registry.faults.clear();
  }
  const last = await start();
  await until(shows(last, pushed), TIMEOUT_S + LOOK_S + SLACK_S);
  await expectWhole(last);
}, 600_000);

it('outlives a database that restarts while pages are read', async () => {
  const portals = [await start(), await start()];
  for (const portal of portals) await until(shows(portal, pushed), TIMEOUT_S + LOOK_S + SLACK_S);
  const statuses = new Set<number>();
  let isOver = false;
  const readers = portals.flatMap(portal =>
    Array.from({ length: 5 }, async () => {
      while (!isOver) {
        statuses.add(
          await portal.send(routes.models).then(
            ({ status }) => status,
            () => 0,
          ),
        );
        await sleep(20);
      }
    }),
  );
  await sleep(500);
  await postgres.stop();
  await sleep(3_000);
  await push();
  await postgres.resume();
  const answersAgain = async () => {
    const answers = await Promise.all(portals.map(portal => portal.send(routes.models)));
    return answers.every(({ status }) => status === 200);
  };
  await until(answersAgain, 20);
  for (const portal of portals) await until(shows(portal, pushed), TIMEOUT_S + LOOK_S + SLACK_S);
  isOver = true;
  await Promise.all(readers);
  // A page either comes or is refused as our fault; nobody waits for it without end.
  expect([...statuses].toSorted()).toEqual([200, 500]);
  expect(portals.map(portal => portal.isAlive())).toEqual([true, true]);
  for (const portal of portals) await expectWhole(portal);
}, 300_000);
