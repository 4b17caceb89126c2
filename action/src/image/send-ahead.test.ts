import { randomBytes } from 'node:crypto';
import type { Repository } from '@modelpier/backstage-plugin-modelpier-common';
import { bytesSent, endAll, fatesOf, lay, stage, steps } from './build-image.fixture';
import type { BuildEvent } from './event';

afterEach(endAll);

const MIB = 1024 * 1024;
/** As large as a layer has to be to go before its digest is known. */
const large = (fill: number): Buffer => Buffer.alloc(64 * MIB, fill);

/** Whether any of a layer was sent before it was packed. */
function wentAhead(events: readonly BuildEvent[]): boolean {
  const packed = events.findIndex(({ type }) => type === 'packed');
  return events.slice(0, packed).some(event => event.type === 'sending' && event.layer.digest === undefined);
}

it('sends a large first layer before its digest is known', async () => {
  const { server, registry, repository, build } = await stage();

  const { image, events } = await build({ files: await lay({ 'model.pt': large(1), 'labels.json': '[]' }) });

  expect(wentAhead(events)).toBe(true);
  expect(fatesOf(image)).toEqual(['base mounted', 'base mounted', 'weights uploaded', 'assets uploaded']);
  expect(bytesSent(server)).toBeLessThan(65 * MIB);
  const { document } = await registry.getManifest(repository, '1.0.0');
  const digests = 'layers' in document ? document.layers.map(({ digest }) => digest) : [];
  expect(digests).toHaveLength(4);
  for (const digest of digests) expect(await registry.hasBlob(repository, digest)).toBe(true);
});

it('gives the same image as one that was not sent ahead', async () => {
  const { build } = await stage();
  const files = await lay({ 'model.pt': large(1) });

  const planned = await build({ files, dryRun: true });
  const built = await build({ files });

  expect(wentAhead(planned.events)).toBe(false);
  expect(built.image.digest).toBe(planned.image.digest);
});

it('sends no more where the registry turns out to have the layer', async () => {
  const { server, registry, repository, build } = await stage();
  const files = await lay({ 'model.pt': large(1) });
  const { image } = await build({ files });
  const half: Repository = { ...repository, path: 'acme/half' };
  await registry.mountBlob(half, image.layers.at(-1)!.digest, repository);

  const again = await build({ files, repositories: [half] });

  expect(fatesOf(again.image).at(-1)).toBe('weights present');
  expect(again.image).toMatchObject({ digest: image.digest, changed: true, bytesPushed: 0 });
  expect(await registry.headManifest(half, '1.0.0')).toMatchObject({ digest: image.digest });
  expect(
    server.requests.filter(({ method, path }) => method === 'PUT' && path.includes('half/blobs')),
  ).toHaveLength(1);
});

it('packs first what may well be there: a layer as large as one of the version before', async () => {
  const { build } = await stage();
  await build({ files: await lay({ 'model.pt': large(1) }) });

  const { image, events } = await build({ files: await lay({ 'model.pt': large(2) }), version: '1.0.1' });

  expect(wentAhead(events)).toBe(false);
  expect(fatesOf(image).at(-1)).toBe('weights uploaded');
});

it('asks for no layer of an image that has not changed', async () => {
  const { server, build } = await stage();
  const shards = Array.from(
    { length: 20 },
    (_, shard) => [`shard-${shard}.txt.gz`, randomBytes(100)] as const,
  );
  const files = await lay(Object.fromEntries(shards));
  await build({ files });
  server.requests.length = 0;

  const { image, events } = await build({ files });

  // The base and the version before are asked for at once, in no order.
  expect([...steps(server)].sort()).toEqual([
    'GET /v2/acme/digits/manifests/1.0.0',
    'GET /v2/runtime/torch/blobs/*',
    'GET /v2/runtime/torch/manifests/*',
    'HEAD /v2/acme/digits/manifests/1.0.0',
    'HEAD /v2/acme/digits/manifests/latest',
  ]);
  expect(fatesOf(image)).toEqual(['base present', 'base present', 'assets present']);
  expect(events.filter(({ type }) => type === 'layer')).toHaveLength(3);
});

it('asks for every layer as soon as one is new', async () => {
  const { server, build } = await stage();
  await build();
  server.requests.length = 0;

  const { image } = await build({ env: { MODE: 'fast' } });

  expect(fatesOf(image)).toEqual(['base present', 'base present', 'weights present', 'assets present']);
  expect(steps(server).filter(step => step === 'HEAD /v2/acme/digits/blobs/*')).toHaveLength(5);
});
