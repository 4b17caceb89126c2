import { TestDatabases } from '@backstage/backend-test-utils';
import {
  type ModelsPage,
  modelsPage,
  type Repository,
  routes,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import { modelEntity, type Portal, startPortal } from '../../../test/portal/portal';
import { layerBytes, pinned, pushSample, sampleDeployment } from '../../../test/portal/release';
import { startWorld, type World } from '../../../test/portal/world';

// PostgreSQL where BACKSTAGE_TEST_DATABASE_POSTGRES15_CONNECTION_STRING or a sibling names a server.
const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_15', 'POSTGRES_16', 'POSTGRES_17', 'POSTGRES_18'],
  disableDocker: true,
});
/** By name the least is first; by CPU and by size the first is last. */
const MODELS = [
  { name: 'alpha', cpu: '300m', bytes: 3000, replicas: 3 },
  { name: 'beta', cpu: '200m', bytes: 2000, replicas: 2 },
  { name: 'gamma', cpu: '100m', bytes: 1000, replicas: 1 },
];
const SECRET = 'component:default/beta';

describe.each(databases.eachSupportedId())('%s', id => {
  let world: World;
  let knex: Knex;
  let portal: Portal | undefined;

  beforeAll(async () => {
    world = await startWorld();
    for (const { name, cpu, bytes, replicas } of MODELS) {
      const repository: Repository = { registry: world.registry.host, path: `acme/${name}` };
      const image = await pushSample(
        world.client,
        repository,
        { layers: [{ bytes: layerBytes(name, bytes) }] },
        'v1',
      );
      world.cluster.create(
        sampleDeployment({
          name,
          model: name,
          image: pinned(repository, image.digest),
          replicas,
          resources: { requests: { cpu } },
        }),
      );
    }
    await world.settled();
    knex = await databases.init(id);
  }, 60_000);
  afterEach(() => portal?.stop());
  afterAll(() => world.close());

  const list = async (query: string, denied: readonly string[]) => {
    portal = await startPortal({
      entities: MODELS.map(({ name }) => modelEntity(name, `${world.registry.host}/acme/${name}`)),
      config: {
        registries: [{ host: world.registry.host }],
        clusters: [{ name: 'test', url: world.cluster.url }],
      },
      knex,
      denied,
    });
    const { items, totals } = await portal.read(`${routes.models}?${query}`, modelsPage);
    return { names: items.map(({ entity }) => entity.name), totals };
  };

  it.each(['cpu', 'size', 'replicas'])('sorts by %s for those who may see it', async sort => {
    expect((await list(`sort=${sort}`, [])).names).toEqual(['gamma', 'beta', 'alpha']);
  });

  it.each([
    ['cpu', 'modelpier.allocation.read'],
    ['size', 'modelpier.version.read'],
    ['replicas', 'modelpier.deployment.read'],
  ])('tells no order by %s where %s is denied', async (sort, permission) => {
    expect((await list(`sort=${sort}`, [permission])).names).toEqual(['alpha', 'beta', 'gamma']);
  });

  it('sorts one model as not known whose allocation a rule hides', async () => {
    const denied = [`modelpier.allocation.read ${SECRET}`];
    expect((await list('sort=cpu', denied)).names).toEqual(['beta', 'gamma', 'alpha']);
  });

  it('pages by a column of which a part is hidden', async () => {
    const denied = [`modelpier.allocation.read ${SECRET}`];
    await list('', denied);
    const names: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: string = `${routes.models}?sort=-cpu&limit=1${cursor && `&cursor=${cursor}`}`;
      const { items, nextCursor }: ModelsPage =
        (await portal?.read(page, modelsPage)) ?? (undefined as never);
      names.push(...items.map(({ entity }) => entity.name));
      cursor = nextCursor;
    }
    expect(names).toEqual(['alpha', 'gamma', 'beta']);
  });

  it.each(['health=Current', 'cluster=test', 'namespace=apps', 'drift=false&sort=place&cluster=test'])(
    'finds no model by %s whose deployments are hidden',
    async query => {
      const denied = [`modelpier.deployment.read ${SECRET}`];
      expect((await list(query, denied)).names).toEqual(['alpha', 'gamma']);
      await portal?.stop();
      expect((await list(query, ['modelpier.deployment.read'])).names).toEqual([]);
    },
  );

  it('sums only what the caller may see', async () => {
    const denied = ['version', 'deployment', 'allocation'].map(each => `modelpier.${each}.read ${SECRET}`);
    const { totals } = await list('totals=true', denied);
    expect(totals).toMatchObject({ models: 3, versions: 2, ready: 4, desired: 4, imageBytes: 4000 });
    expect(totals?.requested.find(({ resource }) => resource === 'cpu')?.amount).toBe('1000m');
    expect(totals?.health).toEqual([{ state: 'Current', models: 2 }]);
  });
});
