import { TestDatabases } from '@backstage/backend-test-utils';
import { modelsPage, type Repository, routes } from '@modelpier/backstage-plugin-modelpier-common';
import createKnex, { type Knex } from 'knex';
import { setTimeout as sleep } from 'node:timers/promises';
import { modelEntity, type Portal, startPortal } from '../../../test/portal/portal';
import { layerBytes, pinned, pushSample, sampleDeployment } from '../../../test/portal/release';
import { startWorld, type World } from '../../../test/portal/world';
import { migrate } from './database/migrate';
import { recountRepository } from './store/layer-count-store';
import { readReuseTotals } from './store/totals-store';

// Runs where BACKSTAGE_TEST_DATABASE_POSTGRES15_CONNECTION_STRING or a sibling names a server.
const databases = TestDatabases.create({
  ids: ['POSTGRES_15', 'POSTGRES_16', 'POSTGRES_17', 'POSTGRES_18'],
  disableDocker: true,
});
const ids = databases.eachSupportedId();
const REPLICAS = 3;
const MODELS = 4;

(ids.length === 0 ? describe.skip : describe).each(ids.length === 0 ? [['POSTGRES_15'] as const] : ids)(
  'three instances over one %s',
  id => {
    let world: World;
    let pools: readonly Knex[] = [];
    let portals: readonly Portal[] = [];
    let pushed = 0;

    const paths = Array.from({ length: MODELS }, (_, at) => `acme/model-${at}`);
    const repositoryOf = (path: string): Repository => ({ registry: world.registry.host, path });
    const push = async () => {
      const path = paths[pushed % MODELS] ?? '';
      pushed += 1;
      const layers = [{ bytes: layerBytes('base', 100) }, { bytes: layerBytes(String(pushed), 10) }];
      return pushSample(world.client, repositoryOf(path), { layers }, `0.0.${pushed}`);
    };
    const versions = async () => Number((await pools[0]?.('versions').count({ n: '*' }).first())?.['n']);
    const until = async (isTrue: () => Promise<boolean>) => {
      for (let tries = 0; tries < 200; tries += 1) {
        if (await isTrue().catch(() => false)) return;
        await sleep(100);
      }
      throw new Error('it did not come to be within 20 seconds');
    };

    beforeAll(async () => {
      world = await startWorld();
      const image = await push();
      const name = 'model-0';
      world.cluster.create(
        sampleDeployment({ name, model: name, image: pinned(repositoryOf('acme/model-0'), image.digest) }),
      );
      await world.settled();
      const first = await databases.init(id);
      const config = (first.client as { config: Knex.Config }).config;
      pools = [first, ...Array.from({ length: REPLICAS - 1 }, () => createKnex(config))];
      const options = {
        isScheduled: true,
        entities: paths.map(path => modelEntity(path.replace('acme/', ''), `${world.registry.host}/${path}`)),
        config: {
          registries: [{ host: world.registry.host }],
          clusters: [{ name: 'test', url: world.cluster.url }],
          schedule: { frequency: { seconds: 1 }, timeout: { seconds: 20 }, initialDelay: { seconds: 0 } },
        },
      };
      await Promise.all(pools.map(knex => migrate(knex)));
      // Backstage's scheduler makes its own tables, and not yet by several at once.
      portals = [await startPortal({ ...options, knex: first })];
      const others = pools.slice(1).map(knex => startPortal({ ...options, knex }));
      portals = [...portals, ...(await Promise.all(others))];
    }, 120_000);
    afterAll(async () => {
      for (const portal of portals) await portal.stop();
      for (const pool of pools.slice(1)) await pool.destroy();
      await world.close();
    }, 60_000);

    it('collects each source once in each of its turns, and loses nothing', async () => {
      await until(async () => (await versions()) === pushed);
      const lists = () =>
        world.registry.requests.filter(({ path }) => path.endsWith('/model-0/tags/list')).length;
      const before = { lists: lists(), at: Date.now() };
      for (let push_ = 0; push_ < 20; push_ += 1) {
        await push();
        await sleep(150);
      }
      await until(async () => (await versions()) === pushed);
      const seconds = (Date.now() - before.at) / 1000;
      // `model-0` alone has several pages of two tags; each turn reads every page once.
      const pagesPerTurn = Math.ceil(pushed / MODELS / 2) + 1;
      expect(lists() - before.lists).toBeLessThanOrEqual((seconds + 2) * pagesPerTurn);
      for (const portal of portals) {
        const { items } = await portal.read(`${routes.models}?sort=-versions`, modelsPage);
        expect(items.reduce((sum, model) => sum + model.versions, 0)).toBe(pushed);
        expect(items.find(({ entity }) => entity.name === 'model-0')?.health).toBe('Current');
      }
    }, 60_000);

    it('counts as one instance would have counted', async () => {
      const [knex] = pools;
      if (knex === undefined) throw new Error('there is no pool');
      const counts = () => knex('layers').orderBy('id').select('id', 'occurrences', 'versions');
      const before: unknown = await counts();
      for (const repository of await knex('repositories').pluck<number[]>('id')) {
        await recountRepository(knex, repository);
      }
      expect(await counts()).toEqual(before);
      const { versions: counted, reuse } = await readReuseTotals(knex);
      expect({ counted, layers: reuse.newLayers }).toEqual({ counted: pushed, layers: pushed + 1 });
    });

    it('goes on where the database went away', async () => {
      const [knex] = pools;
      await knex
        ?.raw(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
        )
        .catch(() => undefined);
      await push();
      await until(async () => (await versions()) === pushed);
      const answers = await Promise.all(portals.map(portal => portal.send(routes.models)));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    }, 60_000);
  },
);
