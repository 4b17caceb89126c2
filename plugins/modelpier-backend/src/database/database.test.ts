import { TestDatabases } from '@backstage/backend-test-utils';
import {
  type Descriptor,
  fleetReuse,
  IMAGE_VERSION,
  modelsPage,
  type Repository,
  routes,
  versionDetail,
  versionsPage,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import { modelEntity, type Portal, type PortalOptions, startPortal } from '../../../../test/portal/portal';
import { layerBytes, pinned, pushSample, sampleDeployment } from '../../../../test/portal/release';
import { startWorld, type World } from '../../../../test/portal/world';
import { migrate } from './migrate';

const mnist = { kind: 'component', namespace: 'default', name: 'mnist' };
const VERSIONS = ['1.0.0', '1.2.0', '1.10.0', '2.0.0-rc.1', '2.0.0'];

// PostgreSQL where BACKSTAGE_TEST_DATABASE_POSTGRES15_CONNECTION_STRING or a sibling names a server.
const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_15', 'POSTGRES_16', 'POSTGRES_17', 'POSTGRES_18'],
  disableDocker: true,
});

describe.each(databases.eachSupportedId())('%s', id => {
  let world: World;
  let knex: Knex;
  let portal: Portal;
  let newest: Descriptor | undefined;

  const options = (): PortalOptions => ({
    entities: [modelEntity('mnist', `${world.registry.host}/acme/mnist`)],
    config: {
      registries: [{ host: world.registry.host }],
      clusters: [{ name: 'test', url: world.cluster.url }],
    },
    knex,
  });

  beforeAll(async () => {
    world = await startWorld();
    const repository: Repository = { registry: world.registry.host, path: 'acme/mnist' };
    for (const version of VERSIONS) {
      const layers = [
        { bytes: layerBytes('base', 1000) },
        { bytes: layerBytes(version, 10), annotations: { 'io.modelpier.layer.kind': 'code' } },
      ];
      newest = await pushSample(
        world.client,
        repository,
        { layers, annotations: { [IMAGE_VERSION]: version } },
        version,
      );
    }
    world.cluster.create(
      sampleDeployment({
        name: 'mnist',
        model: 'mnist',
        image: pinned(repository, newest?.digest ?? (undefined as never)),
      }),
    );
    await world.settled();
    knex = await databases.init(id);
    portal = await startPortal(options());
  }, 60_000);
  afterAll(async () => {
    await portal.stop();
    await world.close();
  });

  it('migrates up to the newest table, down to nothing and up again', async () => {
    const fresh = await databases.init(id);
    await migrate(fresh);
    const migrations = { directory: `${__dirname}/../../migrations` };
    await fresh.migrate.rollback(migrations, true);
    expect(await fresh.schema.hasTable('versions')).toBe(false);
    await migrate(fresh);
    expect(await fresh.schema.hasTable('versions')).toBe(true);
  });

  it('orders versions that were found at once by their semantic version, page by page', async () => {
    const seen: (string | null)[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '?limit=2' : `?limit=2&cursor=${cursor}`;
      const page = await portal.read(`${routes.versions(mnist)}${query}`, versionsPage);
      seen.push(...page.items.map(({ version }) => version));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(VERSIONS.toReversed());
  });

  it('answers sizes and sums as numbers', async () => {
    const { items } = await portal.read(routes.models, modelsPage);
    expect(items[0]).toMatchObject({
      versions: 5,
      newest: { version: '2.0.0', sizeBytes: 1010, newBytes: 10 },
    });
    const detail = await portal.read(routes.version(mnist, newest?.digest ?? ''), versionDetail);
    expect(detail.layers.map(({ sizeBytes, sharedWithVersions }) => [sizeBytes, sharedWithVersions])).toEqual(
      [
        [1000, 4],
        [10, 0],
      ],
    );
    expect(detail.version.deployedIn).toHaveLength(1);
    const { reuse } = await portal.read(routes.fleetReuse, fleetReuse);
    expect(reuse).toMatchObject({ totalBytes: 5050, newBytes: 1050, reusedBaseBytes: 4000 });
  });

  it('keeps the row of a workload from one collection to the next', async () => {
    const before: { id: number }[] = await knex('workloads').select('id');
    await portal.collect();
    expect(before).toHaveLength(1);
    expect(await knex('workloads').select('id')).toEqual(before);
    expect(await knex('workload_models')).toHaveLength(1);
  });

  it('collects anew when it starts over what another instance left', async () => {
    await knex('sources').update({ attempted_at: '2026-01-01T00:00:00.000Z' });
    const again = await startPortal({ ...options(), isCollected: false });
    const attempts = await knex('sources').select<{ attempted_at: string }[]>('attempted_at');
    await again.stop();
    expect(attempts.filter(({ attempted_at: at }) => at > '2026-01-01T00:00:00.000Z')).toHaveLength(2);
  });

  it('sorts and filters the fleet by what was collected, page by page', async () => {
    const { items } = await portal.read(
      `${routes.models}?sort=-cpuShare&cluster=test&health=Current`,
      modelsPage,
    );
    expect(items).toMatchObject([
      { health: 'Current', replicas: { ready: 1, desired: 1 }, reuse: { totalBytes: 5050, newBytes: 1050 } },
    ]);
    expect((await portal.read(`${routes.models}?namespace=elsewhere`, modelsPage)).total).toBe(0);
    expect((await portal.read(`${routes.models}?drift=true`, modelsPage)).total).toBe(0);
  });

  it('takes a cluster that the configuration lost out of the fleet', async () => {
    const config = { registries: [{ host: world.registry.host }] };
    const without = await startPortal({ ...options(), config, isCollected: false });
    const { items } = await without.read(routes.models, modelsPage);
    await without.stop();
    expect(items).toMatchObject([{ deployments: [] }]);
    expect(items[0]).not.toHaveProperty('health');
    expect(items[0]).not.toHaveProperty('allocation');
    expect(await knex('model_places')).toEqual([]);
  });

  it('forgets all of a model that the catalog no longer has', async () => {
    await knex('models').delete();
    for (const table of ['model_repositories', 'workload_models', 'fleet', 'fleet_documents']) {
      expect(await knex(table)).toEqual([]);
    }
  });
});
