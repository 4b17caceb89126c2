import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import type { Knex } from 'knex';
import { modelEntity } from '../../../../test/portal/portal';
import { migrate } from '../database/migrate';
import { createModelSync } from './sync-models';

const START = Date.parse('2026-09-01T10:00:00Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

// PostgreSQL where BACKSTAGE_TEST_DATABASE_POSTGRES15_CONNECTION_STRING or a sibling names a server.
const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_15', 'POSTGRES_16', 'POSTGRES_17', 'POSTGRES_18'],
  disableDocker: true,
});

describe.each(databases.eachSupportedId())('a catalog, on %s,', id => {
  let knex: Knex;
  beforeEach(async () => {
    knex = await databases.init(id);
    await migrate(knex);
    await sync(['mnist', 'fraud'], START);
  });

  const sync = (names: readonly string[], now: number) =>
    createModelSync({
      knex,
      catalog: catalogServiceMock({ entities: names.map(name => modelEntity(name)) }),
      auth: mockServices.auth(),
      entityTypes: ['ml-model'],
      registries: new Set<string>(),
      now: () => now,
    }).sync();
  const listed = () => knex('fleet').orderBy('name').pluck<string[]>('name');
  const known = () => knex('models').orderBy('name').pluck<string[]>('name');
  const idsOf = () => knex('models').orderBy('name').pluck<number[]>('id');

  it('that is empty for a moment empties the list, and costs no model', async () => {
    const before = await idsOf();
    await sync([], START + MINUTE_MS);
    expect(await listed()).toEqual([]);
    expect(await idsOf()).toEqual(before);
    await sync(['mnist', 'fraud'], START + 2 * MINUTE_MS);
    expect(await listed()).toEqual(['fraud', 'mnist']);
    expect(await idsOf()).toEqual(before);
    // The hour begins anew.
    await sync([], START + HOUR_MS + 90_000);
    expect(await known()).toEqual(['fraud', 'mnist']);
  });

  it('that no longer has a model for an hour has it forgotten', async () => {
    await sync(['mnist'], START + MINUTE_MS);
    await sync(['mnist'], START + HOUR_MS);
    expect(await listed()).toEqual(['mnist']);
    expect(await known()).toEqual(['fraud', 'mnist']);
    await sync(['mnist'], START + HOUR_MS + MINUTE_MS);
    expect(await known()).toEqual(['mnist']);
  });

  it('does not lose a model to a clock that jumps', async () => {
    await sync(['mnist'], START + 1000 * HOUR_MS);
    await sync(['mnist'], START);
    await sync(['mnist'], START + MINUTE_MS);
    expect(await known()).toEqual(['fraud', 'mnist']);
    await sync(['mnist'], START + HOUR_MS);
    expect(await known()).toEqual(['mnist']);
  });

  it('that fails leaves all as it was', async () => {
    const catalog = catalogServiceMock({ entities: [] });
    jest.spyOn(catalog, 'streamEntities').mockImplementation(() => {
      throw new Error('the catalog is away');
    });
    const failing = createModelSync({
      knex,
      catalog,
      auth: mockServices.auth(),
      entityTypes: ['ml-model'],
      registries: new Set<string>(),
      now: () => START + 2 * HOUR_MS,
    });
    await expect(failing.sync()).rejects.toThrow('the catalog is away');
    expect(await listed()).toEqual(['fraud', 'mnist']);
  });
});
