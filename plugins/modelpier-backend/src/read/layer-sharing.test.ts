import type { Knex } from 'knex';
import { openDatabase } from '../../../../test/portal/database';
import { modelEntity } from '../../../../test/portal/portal';
import type { RepositoryRow } from '../database/rows';
import { migrate } from '../database/migrate';
import { readModelEntity } from '../domain/model-entity';
import { writeModels } from '../store/model-store';
import { readSharing } from './layer-sharing';

const HOST = 'ghcr.io';
const START = Date.parse('2026-09-01T10:00:00Z');
const LAYER = 1;

let knex: Knex;

beforeEach(async () => {
  knex = await openDatabase();
  await migrate(knex);
});
afterEach(() => knex.destroy());

/** Every repository of these models has the layer. */
async function share(models: readonly (readonly [name: string, repositories: string])[]): Promise<number> {
  const entities = models.map(([name, repositories]) =>
    readModelEntity(modelEntity(name, repositories), new Set([HOST])),
  );
  const [first = 0] = await writeModels(knex, entities, START);
  await knex('layers').insert({ id: LAYER, digest: `sha256:${'a'.repeat(64)}`, size_bytes: 1 });
  const repositories = await knex<RepositoryRow>('repositories').select('id');
  await knex('repository_layers').insert(
    repositories.map(({ id }) => ({
      repository_id: id,
      layer_id: LAYER,
      occurrences: 1,
      base_occurrences: 0,
      versions: 1,
    })),
  );
  return first;
}
const read = async (modelId: number) => {
  const mayName = (refs: readonly string[]) => Promise.resolve(new Set(refs));
  return (await readSharing(knex, [LAYER], { modelId, mayName })).models.get(LAYER);
};

it('names a model once that has a layer in two of its repositories', async () => {
  const own = await share([
    ['own', `${HOST}/acme/own`],
    ['twice', `${HOST}/acme/cpu,${HOST}/acme/gpu`],
    ['once', `${HOST}/acme/once`],
  ]);
  expect(await read(own)).toEqual(['component:default/once', 'component:default/twice']);
});

it('fills the list with models, however many repositories each has', async () => {
  const names = Array.from({ length: 25 }, (_, at) => `model-${at}`);
  const own = await share([
    ['own', `${HOST}/acme/own`],
    ...names.map(name => [name, `${HOST}/${name}/cpu,${HOST}/${name}/gpu`] as const),
  ]);
  expect(new Set(await read(own)).size).toBe(20);
});
