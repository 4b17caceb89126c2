import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type KubernetesServer, startKubernetes } from '../../../../test/servers/kubernetes';
import { type ClusterClient, createCluster } from './cluster';
import type { KubernetesObject } from './ports';

const configMap = (name: string, data: Record<string, string> = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'apps' },
  data,
});
const REF = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'apps', name: 'a' };
const SELECTION = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'apps' };
const OBJECT_URL = /configmaps\/a/;

async function namesOf(objects: AsyncIterable<KubernetesObject>): Promise<string[]> {
  const names: string[] = [];
  for await (const { metadata } of objects) names.push(metadata.name);
  return names;
}

let server: KubernetesServer;
let cluster: ClusterClient;

beforeEach(async () => {
  server = await startKubernetes();
  cluster = createCluster({ server: server.url, token: 'top-secret-token' });
});

afterEach(async () => {
  cluster.close();
  await server.close();
});

it.each([500, 502, 503, 504, 429])('reads again after %i', async status => {
  server.create(configMap('a'));
  server.faults.plant({ url: OBJECT_URL, status, times: 2 });
  expect(await cluster.getObject(REF)).toMatchObject({ metadata: { name: 'a' } });
});

it('reads again after a connection that was dropped', async () => {
  server.create(configMap('a'));
  server.faults.plant({ url: OBJECT_URL, hangUp: true, times: 1 });
  expect(await cluster.getObject(REF)).toBeDefined();
});

it('gives up after as many attempts as it may make', async () => {
  server.faults.plant({ url: OBJECT_URL, status: 503 });
  const hasty = createCluster({ server: server.url, attempts: 2 });
  await expect(hasty.getObject(REF)).rejects.toMatchObject({ code: 'upstream' });
  hasty.close();
  expect(server.faults.requests.filter(({ url }) => OBJECT_URL.test(url))).toHaveLength(2);
});

it.each([
  [400, 'invalid-document'],
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [409, 'conflict'],
  [413, 'too-large'],
])('does not repeat a request that was answered with %i', async (status, code) => {
  server.faults.plant({ url: OBJECT_URL, status });
  await expect(cluster.getObject(REF)).rejects.toMatchObject({ code });
  expect(server.faults.requests.filter(({ url }) => OBJECT_URL.test(url))).toHaveLength(1);
});

it('waits as long as Retry-After says, and gives up where that is too long', async () => {
  server.create(configMap('a'));
  server.faults.plant({ url: OBJECT_URL, status: 429, retryAfterSeconds: 1, times: 1 });
  const begun = performance.now();
  await cluster.getObject(REF);
  expect(performance.now() - begun).toBeGreaterThan(950);

  server.faults.plant({ url: OBJECT_URL, status: 429, retryAfterSeconds: 3600 });
  await expect(cluster.getObject(REF)).rejects.toMatchObject({ code: 'rate-limited' });
});

it('applies again after a dropped connection and still knows that it created the object', async () => {
  server.faults.plant({ method: 'PATCH', hangUp: true, times: 1 });
  const { action } = await cluster.applyObject(configMap('a'), { fieldManager: 'x' });
  expect(action).toBe('created');
});

it('applies what it may not read', async () => {
  server.create(configMap('a'));
  server.faults.plant({ method: 'GET', url: OBJECT_URL, status: 403 });
  const { action } = await cluster.applyObject(configMap('a', { b: '1' }), { fieldManager: 'x' });
  expect(action).toBe('configured');
});

it('follows no redirect', async () => {
  const raw = { headers: { location: 'http://127.0.0.1:1/elsewhere' }, body: '' };
  server.faults.plant({ url: OBJECT_URL, status: 302, raw });
  await expect(cluster.getObject(REF)).rejects.toMatchObject({
    code: 'upstream',
    message: expect.stringContaining('redirects are not followed') as string,
  });
});

it('keeps the page of a proxy, which may echo the token, out of the message', async () => {
  const raw = { headers: { 'content-type': 'text/html' }, body: '<h1>authorization: top-secret-token</h1>' };
  server.faults.plant({ url: OBJECT_URL, status: 407, raw });
  const failure = cluster.getObject(REF);
  await expect(failure).rejects.toThrow(/^get ConfigMap\/apps\/a: HTTP_407: 127\.0\.0\.1:\d+ answered 407/);
  await expect(failure).rejects.not.toThrow(/top-secret/);
});

it('ends a request that the server does not answer in time', async () => {
  server.faults.plant({ url: OBJECT_URL, delayMs: 2_000 });
  const hasty = createCluster({ server: server.url, timeouts: { requestMs: 100 } });
  await expect(hasty.getObject(REF)).rejects.toMatchObject({
    code: 'timeout',
    message: expect.stringMatching(/did not answer within 0.1 s$/) as string,
  });
  hasty.close();
});

it('ends a request when its signal says so', async () => {
  server.faults.plant({ url: OBJECT_URL, delayMs: 2_000 });
  const reason = new Error('the run was cancelled');
  const signal = AbortSignal.any([AbortSignal.timeout(50)]);
  await expect(cluster.getObject(REF, { signal })).rejects.toMatchObject({ code: 'cancelled' });
  await expect(cluster.getObject(REF, { signal: AbortSignal.abort(reason) })).rejects.toMatchObject({
    code: 'cancelled',
    cause: reason,
  });
});

it('names the server that cannot be reached', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => closed.once('listening', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise(resolve => closed.close(resolve));
  const nowhere = createCluster({ server: `http://127.0.0.1:${port}`, attempts: 1 });
  await expect(nowhere.getObject(REF)).rejects.toMatchObject({
    code: 'unreachable',
    message: `discover v1: 127.0.0.1:${port} is unreachable (ECONNREFUSED)`,
  });
});

it('lists page by page, each object once', async () => {
  for (let index = 0; index < 1_201; index += 1) server.create(configMap(`many-${index}`));
  const names = await namesOf(cluster.listObjects(SELECTION));
  expect(new Set(names).size).toBe(1_201);
  expect(names).toHaveLength(1_201);
  expect(server.faults.requests.filter(({ url }) => url.includes('limit=500'))).toHaveLength(3);
});

it('lists again, each object once, where the server forgot the first page', async () => {
  for (let index = 0; index < 600; index += 1) server.create(configMap(`many-${index}`));
  server.faults.plant({ url: /continue=/, status: 410, times: 1 });
  const names = await namesOf(cluster.listObjects(SELECTION));
  expect(names).toHaveLength(600);
  expect(new Set(names).size).toBe(600);
});

it('finds a kind that came after it was asked for in vain, and keeps what it found', async () => {
  server.faults.plant({ url: /^\/apis\/apps\/v1$/, status: 404, times: 1 });
  expect(await cluster.servedKind('apps/v1', 'Deployment')).toBeUndefined();
  expect(await cluster.servedKind('apps/v1', 'Deployment')).toBeDefined();
  expect(await cluster.servedKind('apps/v1', 'Deployment')).toBeDefined();
  expect(server.faults.requests.filter(({ url }) => url === '/apis/apps/v1')).toHaveLength(2);
});

it('reads raw JSON up to the size that it is given', async () => {
  server.create(configMap('a', { text: 'x'.repeat(5_000) }));
  const path = '/api/v1/namespaces/apps/configmaps/a';
  expect(await cluster.getJson(path)).toMatchObject({ kind: 'ConfigMap' });
  await expect(cluster.getJson(path, { maxBytes: 1_000 })).rejects.toMatchObject({ code: 'too-large' });
});

it('encodes names, so that one cannot reach another path', async () => {
  const name = '../secrets/token?x=1';
  expect(await cluster.getObject({ ...REF, name })).toBeUndefined();
  expect(server.faults.requests.at(-1)?.url).toBe(
    '/api/v1/namespaces/apps/configmaps/..%2Fsecrets%2Ftoken%3Fx%3D1',
  );
});

it.each([
  'http://cluster.example:8080',
  'ftp://127.0.0.1',
  'https://user:pass@cluster.example',
  'cluster.example',
  'http://127.0.0.1.example.com',
])('refuses the server address %s', address => {
  expect(() => createCluster({ server: address })).toThrow(/Kubernetes API server/);
});
