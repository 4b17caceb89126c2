import {
  emptyLedger,
  LEDGER_KEY,
  ledgerLabels,
  ledgerName,
  MODEL_LABEL,
  type ReleaseRecord,
  renderLedger,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { memoryCluster } from '../../../../test/fleet/memory-cluster';
import { openDatabase } from '../../../../test/portal/database';
import { modelEntity } from '../../../../test/portal/portal';
import type { Knex } from 'knex';
import { migrate } from '../database/migrate';
import { readModelEntity } from '../domain/model-entity';
import type { AllocationRules } from '../config/portal-config';
import { readFleetAllocation, readModelAllocation } from '../read/allocation';
import { forgetOld } from './retain';
import { composeSummaries } from '../read/compose-summaries';
import { readOrphans } from '../read/orphans';
import { readModels } from '../read/model';
import { readDeployments } from '../read/workloads';
import { writeModels } from '../store/model-store';
import { reconcileSources } from '../store/source-store';
import { collectCluster } from './collect-cluster';
import { recordCollection } from './collection';

const NOW = Date.parse('2026-09-01T10:20:30Z');
const DIGEST = `sha256:${'1'.repeat(64)}`;
const OTHER = `sha256:${'2'.repeat(64)}`;
const image = `ghcr.io/acme/mnist@${DIGEST}`;
const container = { name: 'server', image, resources: { requests: { cpu: '500m', memory: '1Gi' } } };
const labels = { [MODEL_LABEL]: 'mnist' };

const workload = (
  kind: string,
  over: { spec?: object; status: object; labels?: Record<string, string> },
): KubernetesObject => ({
  apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1',
  kind,
  metadata: {
    name: `mnist-${kind.toLowerCase()}`,
    namespace: 'apps',
    uid: `uid-${kind}`,
    generation: 1,
    creationTimestamp: '2026-09-01T09:00:00Z',
    labels: over.labels ?? labels,
  },
  spec: { template: { spec: { containers: [container] } }, ...over.spec },
  status: { observedGeneration: 1, ...over.status },
});

const pod = (owner: string, podLabels: Record<string, string> = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `${owner}-pod`,
    namespace: 'apps',
    uid: `${owner}-pod`,
    labels: podLabels,
    ownerReferences: [{ uid: owner, kind: 'Owner', name: owner }],
  },
  spec: { nodeName: 'node-1', containers: [container] },
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [{ name: 'server', image, imageID: image, ready: true, restartCount: 0 }],
  },
});

const release = (id: string, over: Partial<ReleaseRecord> = {}): ReleaseRecord => ({
  id,
  version: '1.0.0',
  image,
  startedAt: '2026-09-01T09:00:00Z',
  finishedAt: '2026-09-01T09:01:00Z',
  verdict: 'healthy',
  ...over,
});

const ledgerMap = (releases: readonly ReleaseRecord[], model = 'mnist'): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: ledgerName(model), namespace: 'apps', labels: ledgerLabels(model) },
  data: { [LEDGER_KEY]: renderLedger({ ...emptyLedger(model), releases }) },
});

let knex: Knex;
beforeEach(async () => {
  knex = await openDatabase();
  await migrate(knex);
  await reconcileSources(knex, [{ kind: 'cluster', name: 'test' }]);
  await writeModels(
    knex,
    [readModelEntity(modelEntity('mnist', 'ghcr.io/acme/mnist'), new Set(['ghcr.io']))],
    NOW,
  );
});
afterEach(() => knex.destroy());

const collect = async (
  objects: Parameters<typeof memoryCluster>[0],
  now = NOW,
  rules: AllocationRules = {},
  namespaces: readonly string[] = [],
) =>
  recordCollection(
    knex,
    { kind: 'cluster', name: 'test' },
    {
      now: () => now,
      collect: turn =>
        collectCluster({
          knex,
          reader: memoryCluster(objects),
          name: 'test',
          namespaces,
          rules,
          turn,
          now,
        }),
    },
  );

async function deployments() {
  const models = await readModels(knex, [1]);
  return (await readDeployments(knex, models)).get(1) ?? [];
}

const replicaStatus = { replicas: 1, readyReplicas: 1, updatedReplicas: 1, availableReplicas: 1 };

it('shows workloads of every kind with their own pods, counts and health', async () => {
  const { state, message } = await collect({
    StatefulSet: [
      workload('StatefulSet', {
        spec: { replicas: 1 },
        status: { ...replicaStatus, currentRevision: 'r1', updateRevision: 'r1' },
      }),
    ],
    DaemonSet: [
      workload('DaemonSet', {
        status: {
          desiredNumberScheduled: 2,
          currentNumberScheduled: 2,
          updatedNumberScheduled: 2,
          numberReady: 1,
          numberAvailable: 1,
        },
      }),
    ],
    Job: [
      workload('Job', {
        spec: { parallelism: 3 },
        status: { succeeded: 3, conditions: [{ type: 'Complete', status: 'True' }] },
      }),
    ],
    Pod: [pod('uid-StatefulSet', { 'controller-revision-hash': 'r1' }), pod('uid-DaemonSet')],
  });
  expect({ state, message }).toEqual({ state: 'ok', message: null });
  const shown = (await deployments()).map(
    ({ workload: { kind }, replicas, status, runningDigests, pods }) => ({
      kind,
      replicas: [replicas.ready, replicas.desired],
      state: status.state,
      runningDigests,
      pods: pods.length,
    }),
  );
  expect(shown).toEqual([
    { kind: 'DaemonSet', replicas: [1, 2], state: 'InProgress', runningDigests: [DIGEST], pods: 1 },
    { kind: 'Job', replicas: [0, 0], state: 'Current', runningDigests: [], pods: 0 },
    { kind: 'StatefulSet', replicas: [1, 1], state: 'Current', runningDigests: [DIGEST], pods: 1 },
  ]);
  const [summary] = (await composeSummaries(knex, await readModels(knex, [1]))).values();
  expect(summary).toMatchObject({ health: 'InProgress', replicas: { ready: 2, desired: 3 } });
});

it('shows what scales a workload', async () => {
  await collect({
    Deployment: [workload('Deployment', { spec: { replicas: 1, selector: {} }, status: replicaStatus })],
    HorizontalPodAutoscaler: [
      {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'mnist', namespace: 'apps' },
        spec: { scaleTargetRef: { kind: 'Deployment', name: 'mnist-deployment' }, maxReplicas: 5 },
        status: { desiredReplicas: 2 },
      },
    ],
  });
  const [shown] = await deployments();
  expect(shown?.autoscaler).toMatchObject({ name: 'mnist', min: 1, max: 5, desired: 2 });
});

it('keeps what no entity claims as an orphan, without a model', async () => {
  const orphan = workload('StatefulSet', { status: {}, labels: { [MODEL_LABEL]: 'unclaimed' } });
  await collect({ StatefulSet: [orphan, workload('Job', { status: {}, labels: { app: 'other' } })] });
  expect(await knex('workloads').select('kind', 'model_name')).toEqual([
    { kind: 'StatefulSet', model_name: 'unclaimed' },
  ]);
  const { items, total, nextCursor } = await readOrphans(knex, { limit: 10, cursor: undefined });
  expect({ total, nextCursor }).toEqual({ total: 1, nextCursor: null });
  expect(items).toMatchObject([
    { cluster: 'test', model: 'unclaimed', workload: { kind: 'StatefulSet' }, replicas: { ready: 0 } },
  ]);
  expect(await knex('workload_models')).toEqual([]);
});

it('keeps releases that their ledger has dropped, and takes over how one ended', async () => {
  const begun = release('r2', { verdict: 'in-progress', finishedAt: undefined });
  await collect({ ConfigMap: [ledgerMap([begun, release('r1')])] });
  await collect({ ConfigMap: [ledgerMap([release('r2', { verdict: 'failed', reason: 'it crashed' })])] });
  const rows = await knex('releases').orderBy('release_id').select('release_id', 'verdict', 'namespace');
  expect(rows).toEqual([
    { release_id: 'r1', verdict: 'healthy', namespace: 'apps' },
    { release_id: 'r2', verdict: 'failed', namespace: 'apps' },
  ]);
  expect(await knex('ledger_models').select('model_id', 'model_name')).toEqual([
    { model_id: 1, model_name: 'mnist' },
  ]);
});

it('skips a ledger that it cannot read, and says which in the log alone', async () => {
  const broken = { ...ledgerMap([]), data: { [LEDGER_KEY]: '{' } };
  const collected = await collect({ ConfigMap: [broken, ledgerMap([release('r1')], 'other')] });
  expect(collected).toMatchObject({ state: 'ok', message: '1 object could not be read' });
  expect(collected.example).toContain('ConfigMap/apps/modelpier-ledger-mnist');
  expect(await knex('releases').select('model_name')).toEqual([{ model_name: 'other' }]);
});

describe('drift', () => {
  const deployed = workload('StatefulSet', {
    spec: { replicas: 1 },
    status: { ...replicaStatus, currentRevision: 'r1', updateRevision: 'r1' },
  });
  const otherImage = `ghcr.io/acme/mnist@${OTHER}`;
  it.each<[string, readonly ReleaseRecord[], boolean]>([
    ['nobody released anything', [], false],
    ['the released image is what it asks for', [release('r1')], false],
    ['another image was released', [release('r1', { image: otherImage })], true],
    ['a release is under way', [release('r2', { image: otherImage, verdict: 'in-progress' })], false],
    [
      'a failed release was rolled back to it',
      [
        release('r2', {
          image: otherImage,
          verdict: 'rolled-back',
          rolledBackTo: { id: 'r1', version: '1.0.0' },
        }),
        release('r1'),
      ],
      false,
    ],
    [
      'an image of another repository was released',
      [release('r1', { image: `ghcr.io/acme/x@${OTHER}` })],
      false,
    ],
  ])('%s', async (_, releases, drift) => {
    await collect({ StatefulSet: [deployed], ConfigMap: [ledgerMap(releases)] });
    expect((await deployments()).map(each => each.drift)).toEqual([drift]);
  });
});

it('writes nothing again that has not changed, and adds to the history', async () => {
  const objects = {
    StatefulSet: [workload('StatefulSet', { spec: { replicas: 1 }, status: replicaStatus })],
    Pod: [pod('uid-StatefulSet')],
  };
  await collect(objects);
  const rows = () => Promise.all(['workloads', 'allocations', 'fleet_documents'].map(table => knex(table)));
  const before = await rows();
  const written: string[] = [];
  knex.on('query', ({ sql }: { sql: string }) => {
    const table = /^(?:insert into|update) [`"](\w+)/.exec(sql)?.[1];
    if (table !== undefined) written.push(table);
  });
  await collect(objects, NOW + 60_000);
  expect(await rows()).toEqual(before);
  expect([...new Set(written)].sort()).toEqual(['fleet_documents', 'history', 'sources']);
  const hour: unknown = await knex('history').where({ span: 'hour' }).first();
  expect(hour).toMatchObject({ at: '2026-09-01T10:00:00.000Z', samples: 2, ready: 1, least_ready: 1 });
  expect(await knex('history').select('span')).toHaveLength(2);
});

const node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'node-1' },
  spec: {},
  status: {
    allocatable: { cpu: '4', memory: '8Gi' },
    conditions: [{ type: 'Ready', status: 'True' }],
  },
};

const measurement = (usage: object) => ({
  apiVersion: 'metrics.k8s.io/v1beta1',
  kind: 'PodMetrics',
  metadata: { name: 'uid-StatefulSet-pod', namespace: 'apps' },
  containers: [{ name: 'server', usage }],
});

it('counts as it is configured to: the larger of request and use, and no pods of the system', async () => {
  const agent = pod('agent');
  const system = { ...agent, metadata: { ...agent.metadata, namespace: 'kube-system' } };
  const usage = { cpu: '750m', memory: '512Mi' };
  const objects = {
    StatefulSet: [workload('StatefulSet', { spec: { replicas: 1 }, status: replicaStatus })],
    Pod: [pod('uid-StatefulSet'), system],
    Node: [node],
    PodMetrics: [measurement(usage)],
  };
  const cpu = async () => {
    const { scopes } = await readModelAllocation(knex, 1, NOW);
    return scopes.map(({ basis, minusSystem, resources }) => ({ basis, minusSystem, ...resources[0] }));
  };
  await collect(objects);
  const [usual] = await cpu();
  expect(usual).toMatchObject({ total: '4000m', containers: 2, fairShare: '2000m', share: 0.25 });
  expect(usual).not.toHaveProperty('allocated');

  await collect(objects, NOW + 60_000, { basis: 'max', minusSystem: true });
  expect(await cpu()).toEqual([
    expect.objectContaining({
      basis: 'max',
      minusSystem: true,
      total: '3500m',
      containers: 1,
      requested: '500m',
      allocated: '750m',
      share: 750 / 3500,
    }),
  ]);
  const { scopes } = await readFleetAllocation(knex);
  expect(scopes).toMatchObject([{ basis: 'max', minusSystem: true, resources: [{ allocated: '750m' }, {}] }]);
});

it('tells no T / N of a cluster of which it reads some namespaces alone', async () => {
  const objects = {
    StatefulSet: [workload('StatefulSet', { spec: { replicas: 1 }, status: replicaStatus })],
    Pod: [pod('uid-StatefulSet')],
    Node: [node],
  };
  await collect(objects, NOW, {}, ['apps']);
  const { scopes } = await readFleetAllocation(knex);
  expect(scopes).toMatchObject([{ nodes: null, modelContainers: 1, resources: [{ fairShare: null }, {}] }]);
});

it('tells what a container hardly ever used more of, over a week', async () => {
  const measured = (cpu: string) => ({
    StatefulSet: [workload('StatefulSet', { spec: { replicas: 1 }, status: replicaStatus })],
    Pod: [pod('uid-StatefulSet')],
    Node: [node],
    PodMetrics: [measurement({ cpu, memory: '512Mi' })],
  });
  const told = async (now: number) => {
    const [scope] = (await readModelAllocation(knex, 1, now)).scopes;
    return scope?.containers[0]?.resources.map(({ resource, used, usedP95 }) => [resource, used, usedP95]);
  };
  const readings = [...Array.from({ length: 18 }, () => '100m'), '300m', '900m'];
  for (const [at, cpu] of readings.entries()) await collect(measured(cpu), NOW + at * 60_000);
  const [cpu, memory] = (await told(NOW)) ?? [];
  expect(cpu?.slice(0, 2)).toEqual(['cpu', '900m']);
  expect(Math.abs(Number(cpu?.[2]?.replace('m', '')) / 300 - 1)).toBeLessThan(0.01);
  expect(Math.abs(Number(memory?.[2]) / 2 ** 29 - 1)).toBeLessThan(0.01);

  const later = NOW + 9 * 24 * 60 * 60_000;
  expect((await told(later))?.[0]).toEqual(['cpu', '900m', undefined]);
  expect(await knex('history').whereNotNull('containers')).not.toEqual([]);
  await forgetOld(knex, later);
  expect(await knex('history').whereNotNull('containers')).toEqual([]);
});

it('throws away what a collection brings that another has overtaken', async () => {
  await collect({ StatefulSet: [workload('StatefulSet', { status: {} })] });
  const slow = await recordCollection(
    knex,
    { kind: 'cluster', name: 'test' },
    {
      now: () => NOW,
      collect: async turn => {
        await collect({ DaemonSet: [workload('DaemonSet', { status: {} })] });
        return collectCluster({
          knex,
          reader: memoryCluster({}),
          name: 'test',
          namespaces: [],
          turn,
          now: NOW,
        });
      },
    },
  );
  expect(slow.message).toContain('another collection of this source has begun since');
  expect((await deployments()).map(each => each.workload.kind)).toEqual(['DaemonSet']);
  expect(await knex('sources').select('state')).toEqual([{ state: 'ok' }]);
});
