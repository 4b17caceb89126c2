import { type KubernetesServer, startKubernetes } from '../../../../test/servers/kubernetes';
import { type ClusterClient, createCluster } from './cluster';
import type { KubernetesObject, WatchEvent } from './ports';

const SELECTION = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'apps' };
const configMap = (name: string, step = '0'): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'apps' },
  data: { step },
});
const put = (name: string, step = '0') => cluster.applyObject(configMap(name, step), { fieldManager: 'x' });
const remove = (name: string) => cluster.deleteObject({ ...SELECTION, name });

let server: KubernetesServer;
let cluster: ClusterClient;

beforeEach(async () => {
  server = await startKubernetes();
  cluster = createCluster({ server: server.url, timeouts: { watchIdleMs: 3_000 } });
});

afterEach(async () => {
  cluster.close();
  await server.close();
});

/** Runs a step after each event; the watch ends after the last. */
async function follow(steps: readonly (() => unknown)[]): Promise<string[]> {
  const abort = new AbortController();
  const seen: string[] = [];
  for await (const event of cluster.watchObjects(SELECTION, { signal: abort.signal })) {
    seen.push(describeEvent(event));
    await steps[seen.length - 1]?.();
    if (seen.length > steps.length) abort.abort();
  }
  return seen;
}

async function drain(from: ClusterClient, signal: AbortSignal): Promise<number> {
  let count = 0;
  for await (const { type } of from.watchObjects(SELECTION, { signal })) count += type === 'ADDED' ? 1 : 0;
  return count;
}

const describeEvent = ({ type, object }: WatchEvent): string =>
  `${type} ${object.metadata.name} ${(object.data as { step: string }).step}`;

it('goes on where it was after its connection was cut', async () => {
  await put('a');
  const seen = await follow([
    () => put('a', '1'),
    () => {
      server.faults.cutWatches();
      return put('a', '2');
    },
  ]);
  expect(seen).toEqual(['ADDED a 0', 'MODIFIED a 1', 'MODIFIED a 2']);
  expect(server.faults.requests.filter(({ url }) => url.includes('limit='))).toHaveLength(1);
});

it('lists again and tells only what changed where the history expired', async () => {
  await put('kept');
  await put('lost');
  const seen = await follow([
    () => undefined,
    async () => {
      await put('changed');
      server.faults.cutWatches();
      await remove('lost');
      await put('new');
      server.faults.expireHistory();
    },
    () => undefined,
    () => undefined,
  ]);
  expect(seen.slice(0, 2)).toEqual(['ADDED kept 0', 'ADDED lost 0']);
  expect(seen.slice(2).sort()).toEqual(['ADDED changed 0', 'ADDED new 0', 'DELETED lost 0']);
});

it('lists again where the server refuses the watch itself with 410', async () => {
  await put('a');
  server.faults.plant({ url: /watch=true/, status: 410, times: 1 });
  const seen = await follow([() => put('a', '1')]);
  expect(seen).toEqual(['ADDED a 0', 'MODIFIED a 1']);
});

it('outlasts a server that fails for a moment', async () => {
  await put('a');
  server.faults.plant({ url: /watch=true/, status: 503, times: 2 });
  const seen = await follow([() => put('a', '1')]);
  expect(seen).toEqual(['ADDED a 0', 'MODIFIED a 1']);
});

it('throws where watching is forbidden, with the reason', async () => {
  server.faults.plant({ url: /watch=true/, status: 403, message: 'no watching here' });
  await expect(follow([])).rejects.toMatchObject({
    code: 'forbidden',
    message: 'watch ConfigMap of namespace apps: FORBIDDEN: no watching here',
  });
});

it('connects anew where nothing came for longer than the idle limit', async () => {
  await put('a');
  const hasty = createCluster({ server: server.url, timeouts: { watchIdleMs: 200 } });
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 1_500);
  await drain(hasty, abort.signal);
  hasty.close();
  expect(server.faults.requests.filter(({ url }) => url.includes('watch=true')).length).toBeGreaterThan(1);
});

it('lets go of its connection when the reader leaves', async () => {
  await put('a');
  for await (const event of cluster.watchObjects(SELECTION)) {
    expect(event.type).toBe('ADDED');
    await put('a', '1');
    break;
  }
  const abort = new AbortController();
  const seen: string[] = [];
  for await (const event of cluster.watchObjects(SELECTION, { signal: abort.signal })) {
    seen.push(event.type);
    if (seen.length === 1) await put('a', '2');
    else break;
  }
  await new Promise(resolve => setTimeout(resolve, 50));
  expect(server.faults.openWatches).toBe(0);
});

it('moves its position by bookmarks', async () => {
  await put('a');
  const abort = new AbortController();
  const watching = drain(cluster, abort.signal);
  await new Promise(resolve => setTimeout(resolve, 200));
  // Changes elsewhere move the server's version, which only a bookmark tells.
  await cluster.applyObject(
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other', namespace: 'default' } },
    { fieldManager: 'x' },
  );
  const version = (await cluster.getObject({ ...SELECTION, namespace: 'default', name: 'other' }))?.metadata
    .resourceVersion;
  await new Promise(resolve => setTimeout(resolve, 1_300));
  server.faults.cutWatches();
  await new Promise(resolve => setTimeout(resolve, 1_000));
  abort.abort();
  await watching;
  const urls = server.faults.requests.map(({ url }) => url).filter(url => url.includes('watch=true'));
  expect(urls.at(-1)).toContain(`resourceVersion=${version ?? ''}`);
});
