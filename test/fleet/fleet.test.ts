import { computeReuse } from '@modelpier/backstage-plugin-modelpier-common';
import createKnex, { type Knex } from 'knex';
import { recountRepository } from '../../plugins/modelpier-backend/src/store/layer-count-store';
import { readVersionImages } from '../../plugins/modelpier-backend/src/store/reuse-store';
import { readReuseTotals } from '../../plugins/modelpier-backend/src/store/totals-store';
import { sizeFor } from './fleet-plan';
import { generateFleet } from './generate-fleet';
import { createRandom, shareOut } from './random';

const size = { ...sizeFor(20), pods: 200 };
const open = (): Knex =>
  createKnex({ client: 'better-sqlite3', connection: ':memory:', useNullAsDefault: true });

async function generate(seed: number): Promise<Knex> {
  const knex = open();
  await generateFleet(knex, { size, seed, now: Date.parse('2026-09-01T00:00:00Z'), tell: () => undefined });
  return knex;
}

let knex: Knex;
beforeAll(async () => {
  knex = await generate(1);
});
afterAll(() => knex.destroy());

it('has as many rows as the size says', async () => {
  const count = async (table: string) => (await knex(table).count<{ n: number }[]>({ n: '*' }))[0]?.n;
  expect(await count('models')).toBe(20);
  expect(await count('versions')).toBe(800);
  expect(await count('manifest_layers')).toBe(8000);
  expect(await count('fleet')).toBe(20);
  expect(await knex('sources').whereNot({ state: 'ok' })).toEqual([]);
});

it('counts layers as the collectors count them', async () => {
  const counted = () =>
    knex('layers').orderBy('id').select('id', 'occurrences', 'base_occurrences', 'versions');
  const before = await counted();
  for (const id of [1, 7, 20]) await recountRepository(knex, id);
  expect(await counted()).toEqual(before);
});

it('shares layers as the formula would find them', async () => {
  const ids = await knex('versions').select<{ id: number }[]>('id');
  const images = await readVersionImages(
    knex,
    ids.map(({ id }) => id),
  );
  const expected = computeReuse(
    images.map(({ image }) => image),
    null,
    { mode: 'fleet', basis: 'compressed' },
  );
  const { reuse, versions, models } = await readReuseTotals(knex);
  expect({ versions, models }).toEqual({ versions: 800, models: 20 });
  expect(reuse).toEqual(expected);
  expect(reuse.ratio).toBeGreaterThan(0.3);
});

it('is the same for the same seed, and another for another', async () => {
  const digests = (from: Knex) =>
    from('versions').join('manifests', 'manifests.id', 'manifest_id').select('digest', 'new_bytes');
  const [same, other] = [await generate(1), await generate(2)];
  expect(await digests(same)).toEqual(await digests(knex));
  expect(await digests(other)).not.toEqual(await digests(knex));
  await same.destroy();
  await other.destroy();
});

it('shares a total out to the last unit', () => {
  const random = createRandom(3);
  const shares = shareOut(
    1000,
    Array.from({ length: 37 }, () => random.next()),
  );
  expect(shares.reduce((sum, share) => sum + share, 0)).toBe(1000);
  expect(Math.min(...shares)).toBeGreaterThanOrEqual(1);
});
