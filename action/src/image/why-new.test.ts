import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { pushBase } from '../../../test/servers/registry/base-images';
import type { BuildRequest } from './build-image';
import { endAll, lay, stage, WEIGHTS } from './build-image.fixture';

afterEach(endAll);

type Staged = Awaited<ReturnType<typeof stage>>;
type Change = Partial<BuildRequest>;

/** Reasons by kind of layer, of a second version that differs from the first by the change. */
async function explain(change: (staged: Staged) => Promise<Change> | Change, first: Change = {}) {
  const staged = await stage();
  await staged.build(first);
  const { image, events } = await staged.build({ ...first, ...(await change(staged)) });
  const told = events.flatMap(event => (event.type === 'new-layer' ? [event.layer.digest] : []));
  const reported = image.layers.filter(({ whyNew }) => whyNew !== undefined);
  expect(told).toEqual(reported.map(({ digest }) => digest));
  return reported.map(({ kind, whyNew }) => `${kind}: ${whyNew ?? ''}`);
}

const LABELS = { 'labels.json': '["zero"]' };

it('has nothing to say of a first version, nor of the same again', async () => {
  const { build } = await stage();
  const { image: first } = await build();
  const { image: again } = await build();
  expect([...first.layers, ...again.layers].filter(({ whyNew }) => whyNew !== undefined)).toEqual([]);
});

it.each<[string, (staged: Staged) => Promise<Change> | Change, readonly string[]]>([
  [
    'retrained weights',
    async () => ({ files: await lay({ 'model.pt': randomBytes(300_000), ...LABELS }) }),
    ['weights: content-changed'],
  ],
  [
    'a file that was not there, in a bundle that was',
    async () => ({ files: await lay({ 'model.pt': WEIGHTS, ...LABELS, 'vocabulary.json': '{}' }) }),
    ['assets: content-changed'],
  ],
  ['another compression', () => ({ compression: 'gzip' }), ['weights: recompressed']],
  ['another time stamp', () => ({ epochSeconds: 86_400 }), ['weights: time-stamps', 'assets: time-stamps']],
  ['another folder', () => ({ targetPath: '/srv/model' }), ['weights: moved', 'assets: moved']],
  [
    'a rebuilt base',
    async ({ base, registry }) => ({
      baseImage: {
        ...base,
        digest: (await pushBase(registry, base, { tag: 'v2', layers: [randomBytes(5000)] })).digest,
      },
    }),
    ['base: base-changed'],
  ],
  [
    'a base that was compressed again',
    async ({ base, registry, pushed }) => {
      const layers = await Promise.all(
        pushed.layers.map(({ descriptor }) => registry.readBlob(base, descriptor)),
      );
      const again = await pushBase(registry, base, {
        tag: 'v2',
        layers: layers.map(bytes => gunzipSync(bytes)),
        level: 1,
      });
      return { baseImage: { ...base, digest: again.digest } };
    },
    ['base: recompressed', 'base: recompressed'],
  ],
])('explains %s', async (_, change, reasons) => {
  expect(await explain(change)).toEqual(reasons);
});

it('explains a version in the file name, which no content can make up for', async () => {
  const version = async (name: string): Promise<Change> => ({
    files: await lay({ [name]: WEIGHTS, ...LABELS }),
  });
  expect(await explain(() => version('model-v2.pt'), await version('model-v1.pt'))).toEqual([
    'weights: versioned-name',
  ]);
});

it('explains a squashed image', async () => {
  const { registry, repository, build } = await stage();
  await pushBase(registry, repository, { tag: 'latest', layers: [randomBytes(10), randomBytes(10)] });
  const base = { ...repository, path: 'runtime/scratch' };
  const { digest } = await pushBase(registry, base, { layers: [] });

  const files = await lay({ 'model.pt': WEIGHTS });
  const { image } = await build({ baseImage: { ...base, digest }, files });

  expect(image.layers.map(({ whyNew }) => whyNew)).toEqual(['squashed']);
});

it('reads the config before only where a layer is new, and does without where it is gone', async () => {
  const { server, build } = await stage();
  await build();
  server.requests.length = 0;
  await build();
  const readsOfBase = server.requests.filter(
    ({ method, path }) => method === 'GET' && path.includes('/blobs/'),
  );
  expect(readsOfBase.every(({ path }) => path.includes('/runtime/torch/'))).toBe(true);

  server.faults.inject({ kind: 'answer', method: 'GET', path: /acme\/digits\/blobs/, status: 404, times: 9 });
  const files = await lay({ 'model.pt': randomBytes(300_000), ...LABELS });
  const { image } = await build({ files });
  expect(image.layers.flatMap(({ whyNew }) => (whyNew === undefined ? [] : [whyNew]))).toEqual([
    'content-changed',
  ]);
});
