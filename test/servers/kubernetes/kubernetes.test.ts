import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ClusterClient, createCluster } from '@modelpier/backstage-plugin-modelpier-node';
import type { Deployment, Pod, ReplicaSet } from './controllers/workload';
import { type KubernetesOptions, type KubernetesServer, type Outcome, startKubernetes } from './index';

const RUNNING: Outcome = { kind: 'running', imageId: `registry.test/model@sha256:${'a'.repeat(64)}` };

const folder = mkdtempSync(join(tmpdir(), 'modelpier-kubernetes-'));
let server: KubernetesServer;
let cluster: ClusterClient;

async function start(options: KubernetesOptions = {}): Promise<void> {
  server = await startKubernetes(options);
  cluster = createCluster({ server: server.url, namespace: 'apps' });
}

afterEach(async () => {
  cluster.close();
  await server.close();
});

afterAll(() => rmSync(folder, { recursive: true }));

const outcomes =
  (byTag: Readonly<Record<string, Outcome>>): NonNullable<KubernetesOptions['runContainer']> =>
  ({ image }) =>
    Promise.resolve(byTag[image.split(':')[1] ?? ''] ?? RUNNING);

const model = (tag: string, spec: object = {}, container: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'model', namespace: 'apps' },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'model' } },
    template: {
      metadata: { labels: { app: 'model' } },
      spec: { containers: [{ name: 'main', image: `registry.test/model:${tag}`, ...container }] },
    },
    ...spec,
  },
});

const deploy = (...args: Parameters<typeof model>) =>
  cluster.applyObject(model(...args), { fieldManager: 'tester', force: true });

const deployment = (): Deployment => server.list('apps/v1', 'Deployment')[0] as Deployment;
const pods = (): Pod[] => server.list('v1', 'Pod') as Pod[];
const sets = (): ReplicaSet[] => server.list('apps/v1', 'ReplicaSet') as ReplicaSet[];
const statusOf = (pod: Pod | undefined) => pod?.status.containerStatuses?.[0];
const conditionOf = (type: string) => deployment().status.conditions?.find(one => one.type === type);

async function until(check: () => boolean, limitMs = 5_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!check()) {
    if (Date.now() > deadline) throw new Error('what was waited for did not come');
    await sleep(5);
  }
}

const isThrough = (): boolean => {
  const { status, metadata, spec } = deployment();
  return (
    status.observedGeneration === metadata.generation &&
    status.updatedReplicas === spec.replicas &&
    status.replicas === spec.replicas &&
    status.availableReplicas === spec.replicas &&
    conditionOf('Progressing')?.reason === 'NewReplicaSetAvailable'
  );
};

it('replaces pods within the bounds of surge and availability', async () => {
  await start();
  await deploy('v1');
  await until(isThrough);
  let fewestReady = Number.POSITIVE_INFINITY;
  let most = 0;
  const abort = new AbortController();
  const selection = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'apps' };
  const watching = (async () => {
    for await (const { object } of cluster.watchObjects(selection, { signal: abort.signal })) {
      const { status } = object as unknown as Deployment;
      fewestReady = Math.min(fewestReady, status.availableReplicas ?? 0);
      most = Math.max(most, status.replicas ?? 0);
    }
  })();
  await deploy('v2');
  await until(() => deployment().metadata.generation === 2 && isThrough());
  abort.abort();
  await watching;
  expect({ fewestReady, most }).toEqual({ fewestReady: 3, most: 4 });
  expect(pods().filter(({ metadata }) => metadata.deletionTimestamp === undefined)).toHaveLength(3);
});

it('gives an old template that comes back its ReplicaSet and the newest revision', async () => {
  await start();
  await deploy('v1');
  await until(isThrough);
  await deploy('v2');
  await until(() => deployment().metadata.generation === 2 && isThrough());
  await deploy('v1');
  await until(() => deployment().metadata.generation === 3 && isThrough());
  const revision = 'deployment.kubernetes.io/revision';
  expect(
    sets()
      .map(set => [set.metadata.annotations?.[revision], set.spec.replicas])
      .sort(),
  ).toEqual([
    ['2', 0],
    ['3', 3],
  ]);
  expect(deployment().metadata.annotations?.[revision]).toBe('3');
});

it('counts only changes of what is wanted as a generation', async () => {
  await start();
  await deploy('v1');
  await until(isThrough);
  expect(deployment().metadata.generation).toBe(1);
  await deploy('v1', { replicas: 1 });
  await until(isThrough);
  expect(deployment().metadata.generation).toBe(2);
});

it('restarts a container that crashes, with longer and longer pauses', async () => {
  const crash: Outcome = {
    ...RUNNING,
    kind: 'crashed',
    exitCode: 1,
    message: 'no weights',
    log: 'a\nb\nlast words\n',
  };
  await start({ runContainer: outcomes({ crash }) });
  await deploy('crash', { replicas: 1 });
  await until(() => statusOf(pods()[0])?.state.waiting?.reason === 'CrashLoopBackOff');
  expect(statusOf(pods()[0])).toMatchObject({
    ready: false,
    restartCount: 1,
    lastState: { terminated: { exitCode: 1, reason: 'Error', message: 'no weights' } },
  });
  await until(() => (statusOf(pods()[0])?.restartCount ?? 0) >= 2);
  const pod = { namespace: 'apps', name: pods()[0]?.metadata.name ?? '' };
  expect(await cluster.readLog(pod, { container: 'main', tailLines: 1 })).toBe('last words\n');
});

it('says OOMKilled where memory was the reason', async () => {
  const hungry: Outcome = { ...RUNNING, kind: 'crashed', exitCode: 137, reason: 'OOMKilled' };
  await start({ runContainer: outcomes({ hungry }) });
  await deploy('hungry', { replicas: 1 });
  await until(() => statusOf(pods()[0])?.lastState.terminated !== undefined);
  expect(statusOf(pods()[0])?.lastState.terminated).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
});

it('pulls an image that appears later', async () => {
  const answers: Outcome[] = [{ kind: 'image-missing', message: 'v1: not found' }];
  await start({ runContainer: () => Promise.resolve(answers[0] ?? RUNNING) });
  await deploy('v1', { replicas: 1 });
  await until(() => statusOf(pods()[0])?.state.waiting?.reason === 'ImagePullBackOff');
  answers.length = 0;
  await until(isThrough);
  expect(statusOf(pods()[0])?.imageID).toBe(`registry.test/model@sha256:${'a'.repeat(64)}`);
});

it('gives up on a rollout after its deadline and leaves the old pods serving', async () => {
  await start({ runContainer: outcomes({ deaf: { ...RUNNING, readyAfterMs: false } }) });
  await deploy('v1');
  await until(isThrough);
  await deploy('deaf', { progressDeadlineSeconds: 1 });
  await until(() => conditionOf('Progressing')?.reason === 'ProgressDeadlineExceeded');
  expect(conditionOf('Progressing')).toMatchObject({ status: 'False' });
  expect(conditionOf('Available')).toMatchObject({ status: 'True' });
  expect(deployment().status).toMatchObject({
    availableReplicas: 3,
    updatedReplicas: 1,
    unavailableReplicas: 1,
  });
});

it('leaves a pod pending that fits on no node, and binds it once one has room', async () => {
  await start({ nodes: [{ name: 'small', allocatable: { cpu: '1', memory: '1Gi', pods: '10' } }] });
  const resources = { resources: { requests: { memory: '2Gi' } } };
  await deploy('v1', { replicas: 1 }, resources);
  await until(() => pods()[0]?.status.conditions?.[0]?.reason === 'Unschedulable');
  expect(pods()[0]?.status).toMatchObject({
    phase: 'Pending',
    conditions: [{ message: '0/1 nodes are available: 1 Insufficient memory.' }],
  });
  server.create({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'large' },
    spec: {},
    status: { allocatable: { cpu: '4', memory: '8Gi', pods: '10' } },
  });
  await until(isThrough);
  expect(pods()[0]?.spec.nodeName).toBe('large');
});

it('ends every old pod first where the strategy is Recreate', async () => {
  await start();
  const strategy = { strategy: { type: 'Recreate' } };
  await deploy('v1', strategy);
  await until(isThrough);
  await deploy('v2', strategy);
  await until(() => sets().length === 2);
  expect(pods().every(({ spec }) => spec.containers[0]?.image.endsWith(':v2') === true)).toBe(true);
  await until(isThrough);
});

it('removes what a deleted Deployment owns', async () => {
  await start();
  await deploy('v1');
  await until(isThrough);
  await cluster.deleteObject({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'apps', name: 'model' });
  await until(() => sets().length === 0 && pods().length === 0);
});

it('goes on after a restart where it was', async () => {
  const stateFile = join(folder, 'state.json');
  await start({ stateFile });
  await deploy('v1');
  await until(isThrough);
  const before = pods().map(({ metadata }) => metadata.uid);
  cluster.close();
  await server.close();
  await start({ stateFile });
  expect(pods().map(({ metadata }) => metadata.uid)).toEqual(before);
  expect((await deploy('v1')).action).toBe('unchanged');
  await deploy('v2');
  await until(() => deployment().metadata.generation === 2 && isThrough());
});

it('refuses a token that it does not know', async () => {
  await start({ access: {} });
  await expect(cluster.servedVersions()).rejects.toMatchObject({ code: 'unauthorized' });
});

it('refuses an object of a namespace that is not there', async () => {
  await start();
  const lost = { ...model('v1'), metadata: { name: 'model', namespace: 'nowhere' } };
  await expect(cluster.applyObject(lost, { fieldManager: 'x' })).rejects.toMatchObject({
    code: 'not-found',
    message: 'apply Deployment/nowhere/model: NOT_FOUND: namespaces "nowhere" not found',
    hint: 'create the namespace nowhere first, or name another',
  });
});

it('answers the kubelet summary where usage is given', async () => {
  await start({ usage: () => ({ usageNanoCores: 12_000_000, workingSetBytes: 64_000_000 }) });
  await deploy('v1', { replicas: 1 });
  await until(isThrough);
  const node = pods()[0]?.spec.nodeName ?? '';
  expect(await cluster.getJson(`/api/v1/nodes/${node}/proxy/stats/summary`)).toMatchObject({
    pods: [{ containers: [{ name: 'main', memory: { workingSetBytes: 64_000_000 } }] }],
  });
});
