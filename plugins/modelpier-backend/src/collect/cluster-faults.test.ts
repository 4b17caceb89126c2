import { createCluster } from '@modelpier/backstage-plugin-modelpier-node';
import type { Knex } from 'knex';
import { once } from 'node:events';
import { createServer, request as httpRequest, type ServerResponse } from 'node:http';
import { openDatabase } from '../../../../test/portal/database';
import { modelEntity } from '../../../../test/portal/portal';
import { sampleDeployment } from '../../../../test/portal/release';
import { type KubernetesServer, startKubernetes } from '../../../../test/servers/kubernetes';
import { migrate } from '../database/migrate';
import { readModelEntity } from '../domain/model-entity';
import { writeModels } from '../store/model-store';
import { readSources, reconcileSources } from '../store/source-store';
import { collectCluster } from './collect-cluster';
import { recordCollection } from './collection';

const START = Date.parse('2026-09-01T10:30:00Z');
const HOUR_MS = 60 * 60 * 1000;
const image = `ghcr.io/acme/mnist@sha256:${'1'.repeat(64)}`;

let cluster: KubernetesServer;
let knex: Knex;

beforeEach(async () => {
  cluster = await startKubernetes();
  cluster.create(sampleDeployment({ name: 'mnist', model: 'mnist', image }));
  knex = await openDatabase();
  await migrate(knex);
  await reconcileSources(knex, [{ kind: 'cluster', name: 'test' }]);
  await writeModels(knex, [readModelEntity(modelEntity('mnist'), new Set())], START);
});
afterEach(async () => {
  await knex.destroy();
  await cluster.close();
});

async function collect(clock: () => number = () => START, server = cluster.url) {
  const reader = createCluster({ server, timeouts: { connectMs: 1000, requestMs: 5000 }, attempts: 1 });
  const collection = { knex, reader, name: 'test', namespaces: [], now: clock() };
  try {
    return await recordCollection(
      knex,
      { kind: 'cluster', name: 'test' },
      { now: clock, collect: turn => collectCluster({ ...collection, turn }) },
    );
  } finally {
    reader.close();
  }
}

const shown = () => knex('workloads').orderBy('name').pluck<string[]>('name');
const source = async () => (await readSources(knex))[0];
const at = (time: number) => new Date(time).toISOString();

/** Stands before the cluster, and answers for pods in its place. */
async function before<T>(
  answerPods: (response: ServerResponse, url: string) => void,
  act: (url: string) => Promise<T>,
): Promise<T> {
  const proxy = createServer((request, response) => {
    const url = request.url ?? '';
    if (url.startsWith('/api/v1/pods')) return answerPods(response, url);
    httpRequest(`${cluster.url}${url}`, { headers: request.headers }, answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    }).end();
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  try {
    return await act(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`);
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
}

const page = (token: string) =>
  JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata: { continue: token }, items: [] });

it.each([
  ['whose pages go in a circle', () => 'again', 'the pages go in a circle'],
  ['whose pages never end', (asked: number) => `page-${asked}`, 'does not end after 2000 pages'],
])(
  'a cluster %s is given up, and what it showed stays',
  async (_, tokenOf, reason) => {
    await collect();
    let asked = 0;
    const { state, message } = await before(
      response => {
        asked += 1;
        response.writeHead(200, { 'content-type': 'application/json' }).end(page(tokenOf(asked)));
      },
      url => collect(() => START + HOUR_MS, url),
    );
    expect(state).toBe('error');
    expect(message).toContain(reason);
    expect(await shown()).toEqual(['mnist']);
    expect((await source())?.observed_at).toBe(at(START));
  },
  60_000,
);

it('a cluster whose answer never ends is given up before it fills the memory', async () => {
  let sentBytes = 0;
  const piece = Buffer.alloc(1024 * 1024, '{},');
  const { state, message } = await before(
    response => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"items":[');
      const send = () => {
        while (!response.destroyed && sentBytes < 5e9) {
          sentBytes += piece.length;
          if (!response.write(piece)) return void response.once('drain', send);
        }
      };
      send();
    },
    url => collect(() => START, url),
  );
  expect({ state, message }).toMatchObject({
    state: 'error',
    message: expect.stringContaining('larger') as string,
  });
  expect(sentBytes).toBeLessThan(128e6);
}, 60_000);

it('a cluster that vanishes for an hour is as it was, and as it is once it comes back', async () => {
  await collect();
  cluster.faults.plant({ hangUp: true });
  for (let minutes = 10; minutes <= 60; minutes += 10) {
    expect((await collect(() => START + minutes * 60_000)).state).toBe('unreachable');
    expect(await shown()).toEqual(['mnist']);
    expect((await source())?.observed_at).toBe(at(START));
  }
  cluster.faults.clear();
  cluster.create(sampleDeployment({ name: 'new', model: 'mnist', image }));
  expect((await collect(() => START + 2 * HOUR_MS)).state).toBe('ok');
  expect(await shown()).toEqual(['mnist', 'new']);
  expect((await source())?.observed_at).toBe(at(START + 2 * HOUR_MS));
}, 60_000);

it.each([
  ['forward', 1000 * HOUR_MS],
  ['back', -1000 * HOUR_MS],
])(
  'a clock that jumps %s between two collections and within one loses nothing',
  async (_, jumpMs) => {
    await collect();
    expect((await collect(() => START + jumpMs)).state).toBe('ok');
    expect((await source())?.observed_at).toBe(at(START + jumpMs));
    let times = 0;
    const jumping = () => START + (times++ < 2 ? 0 : jumpMs);
    expect((await collect(jumping)).state).toBe('ok');
    expect((await source())?.duration_ms).toBe(jumpMs > 0 ? 24 * HOUR_MS : 0);
    expect((await collect()).state).toBe('ok');
    expect((await source())?.observed_at).toBe(at(START));
    expect(await shown()).toEqual(['mnist']);
    const hours = await knex('history').where({ span: 'hour' }).orderBy('at').pluck<string[]>('at');
    expect(new Set(hours).size).toBe(hours.length);
    expect(hours).toContain('2026-09-01T10:00:00.000Z');
  },
  60_000,
);
