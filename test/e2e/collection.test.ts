import {
  allocationAnswer,
  type Deployment,
  deploymentsAnswer,
  LEDGER_KEY,
  ledgerName,
  orphansPage,
  type ReleaseRecord,
  releasesPage,
  routes,
  sourcesAnswer,
  versionDetail,
  versionsPage,
} from '@modelpier/backstage-plugin-modelpier-common';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { modelEntity, type Portal, startPortal } from '../portal/portal';
import { collectedObjects, MODEL, PATH, pushVersions, SIGNATURE, VERSIONS } from './collected-world';
import { createIdentities } from './identities';
import { bytesOf, clusterTotals, newBytes } from './independent';
import { kubectl, kubectlJson } from './kubectl';
import { NAMESPACE, REGISTRY } from './real';
import { type RawManifest, readRawManifest } from './registry-reader';

/** Every collector, on the real registry and cluster, against plain answers of both. */
const ENTITY = { kind: 'component', namespace: 'default', name: MODEL };

let folder: string;
let portal: Portal;
const raw = new Map<string, RawManifest>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelpier-collection-'));
  const identities = await createIdentities(folder);
  await pushVersions();
  for (const version of VERSIONS) raw.set(version, await readRawManifest(PATH, version));
  await apply(...collectedObjects(version => `${REGISTRY}/${PATH}@${digestOf(version)}`));
  await kubectl('rollout', 'status', `deployment/${MODEL}`, '-n', NAMESPACE, '--timeout=120s');
  await kubectl('rollout', 'status', `statefulset/${MODEL}-set`, '-n', NAMESPACE, '--timeout=120s');
  portal = await startPortal({
    entities: [modelEntity(MODEL, `${REGISTRY}/${PATH}`)],
    config: {
      registries: [{ host: REGISTRY }],
      clusters: [{ name: 'real', kubeconfig: identities.portal }],
    },
  });
});
afterAll(async () => {
  await portal.stop();
  await kubectl('delete', 'deployment,statefulset,hpa,quota', '--all', '-n', NAMESPACE, '--wait=false');
  await rm(folder, { recursive: true });
});

const digestOf = (version: string): string => raw.get(version)?.digest ?? '';

async function apply(...items: readonly object[]): Promise<void> {
  const file = join(folder, 'objects.json');
  await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  await kubectl('apply', '-f', file);
}

interface RawPod {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly nodeName: string };
  readonly status: {
    readonly containerStatuses: readonly { readonly imageID: string; readonly ready: boolean }[];
  };
}
const podsOf = async (app: string): Promise<readonly RawPod[]> =>
  (
    await kubectlJson<{ readonly items: readonly RawPod[] }>(
      'get',
      'pods',
      '-n',
      NAMESPACE,
      '-l',
      `app=${app}`,
    )
  ).items;
const deployments = async (): Promise<readonly Deployment[]> =>
  (await portal.read(routes.deployments(ENTITY), deploymentsAnswer)).items;

it('reads both sources well, by the documented rights alone', async () => {
  const { items } = await portal.read(routes.sources, sourcesAnswer);
  expect(items.map(({ id, state, message }) => [id, state, message ?? null])).toEqual([
    ['cluster:real', 'ok', null],
    [`registry:${REGISTRY}`, 'ok', null],
  ]);
});

it('has every tag, digest and byte that the registry has', async () => {
  const listed = await fetch(`http://${REGISTRY}/v2/${PATH}/tags/list`);
  const { tags } = (await listed.json()) as { readonly tags: readonly string[] };
  const named = tags.filter(tag => !tag.startsWith('sha256-'));
  const { items } = await portal.read(routes.versions(ENTITY), versionsPage);
  expect(items.flatMap(item => item.tags).toSorted()).toEqual([...named].sort());
  for (const item of items) {
    const [tag = ''] = item.tags;
    const own = await readRawManifest(PATH, tag);
    expect(item).toMatchObject({ digest: own.digest, sizeBytes: bytesOf(own.layers) });
    const { layers } = await portal.read(routes.version(ENTITY, item.digest), versionDetail);
    expect(layers.map(({ digest, sizeBytes }) => [digest, sizeBytes])).toEqual(
      own.layers.map(({ digest, size }) => [digest, size]),
    );
  }
  const second = items.find(({ version }) => version === '0.2.0');
  const [before, after] = VERSIONS.flatMap(version => raw.get(version) ?? []);
  expect(second?.newBytes).toBe(
    newBytes(after === undefined ? [] : [after], before === undefined ? [] : [before]),
  );
});

it('finds the signature that the registry keeps under a tag of its own', async () => {
  const tag = digestOf('0.2.0').replace(':', '-');
  const answer = await fetch(`http://${REGISTRY}/v2/${PATH}/manifests/${tag}`, {
    headers: { accept: 'application/vnd.oci.image.index.v1+json' },
  });
  const { manifests } = (await answer.json()) as {
    manifests: readonly { artifactType: string; digest: string }[];
  };
  expect(manifests.map(({ artifactType }) => artifactType)).toEqual([SIGNATURE]);
  const { items } = await portal.read(routes.versions(ENTITY), versionsPage);
  const kinds = new Map(items.map(({ version, referrers }) => [version, referrers]));
  expect(kinds.get('0.1.0')).toEqual([]);
  expect(kinds.get('0.2.0')).toMatchObject([{ kind: 'signature' }]);
});

it('has the pods of each workload with what they run, as kubectl tells them', async () => {
  const shown = await deployments();
  expect(shown.map(({ workload: { kind, name } }) => `${kind}/${name}`).toSorted()).toEqual([
    `Deployment/${MODEL}`,
    `StatefulSet/${MODEL}-set`,
  ]);
  for (const {
    workload: { name },
    pods,
    replicas,
    runningDigests,
    version,
    versionDigest,
  } of shown) {
    const own = await podsOf(name);
    expect(pods.map(pod => `${pod.name} on ${pod.node}`).toSorted()).toEqual(
      own.map(({ metadata, spec }) => `${metadata.name} on ${spec.nodeName}`).toSorted(),
    );
    const ready = own.filter(({ status }) => status.containerStatuses.every(each => each.ready));
    expect(replicas).toMatchObject({ ready: ready.length, desired: own.length });
    const digests = own.flatMap(({ status }) =>
      status.containerStatuses.map(({ imageID }) => imageID.slice(imageID.indexOf('sha256:'))),
    );
    expect(runningDigests).toEqual([...new Set(digests)]);
    expect([version, versionDigest]).toEqual(
      name === MODEL ? ['0.2.0', digestOf('0.2.0')] : ['0.1.0', digestOf('0.1.0')],
    );
  }
});

it('tells what scales a workload, as the autoscaler says', async () => {
  const hpa = await kubectlJson<{
    readonly spec: { readonly minReplicas: number; readonly maxReplicas: number };
  }>('get', 'hpa', MODEL, '-n', NAMESPACE);
  const scaled = (await deployments()).find(({ workload: { kind } }) => kind === 'Deployment');
  const { minReplicas: min, maxReplicas: max } = hpa.spec;
  expect(scaled?.autoscaler).toMatchObject({ name: MODEL, min, max });
});

it('has the ledger as it lies in the cluster, and the drift that follows from it', async () => {
  const map = await kubectlJson<{ readonly data: Readonly<Record<string, string>> }>(
    'get',
    'configmap',
    ledgerName(MODEL),
    '-n',
    NAMESPACE,
  );
  const { releases } = JSON.parse(map.data[LEDGER_KEY] ?? '') as { releases: readonly ReleaseRecord[] };
  const { items } = await portal.read(routes.releases(ENTITY), releasesPage);
  expect(
    items.map(({ id, version, verdict, actor, startedAt }) => [id, version, verdict, actor, startedAt]),
  ).toEqual(
    releases.map(({ id, version, verdict, actor, startedAt }) => [id, version, verdict, actor, startedAt]),
  );
  const drift = new Map((await deployments()).map(({ workload: { kind }, drift: has }) => [kind, has]));
  expect(drift).toEqual(
    new Map([
      ['Deployment', true],
      ['StatefulSet', false],
    ]),
  );
});

it('lists the workload that no entity claims', async () => {
  const labelled = await kubectlJson<{
    readonly items: readonly { metadata: { name: string; labels: Record<string, string> } }[];
  }>('get', 'deployments', '-A', '-l', `modelpier.io/model,modelpier.io/model!=${MODEL}`);
  const { items, total } = await portal.read(`${routes.orphans}?limit=100`, orphansPage);
  expect(
    items
      .filter(({ workload: { kind } }) => kind === 'Deployment')
      .map(({ workload }) => workload.name)
      .toSorted(),
  ).toEqual(labelled.items.map(({ metadata }) => metadata.name).toSorted());
  expect(total).toBeGreaterThan(0);
  expect(items.find(({ workload: { name } }) => name === 'stray')).toMatchObject({
    model: 'nobody',
    namespace: NAMESPACE,
  });
});

it('has T, N, quota and requests as kubectl tells them', async () => {
  const { scopes } = await portal.read(routes.allocation(ENTITY), allocationAnswer);
  const capped = scopes.find(({ namespace }) => namespace === NAMESPACE);
  const quota = await kubectlJson<{
    readonly status: {
      readonly hard: Readonly<Record<string, string>>;
      readonly used: Readonly<Record<string, string>>;
    };
  }>('get', 'quota', 'collected', '-n', NAMESPACE);
  const cpu = capped?.quotas?.find(({ item }) => item === 'requests.cpu');
  expect(cpu).toMatchObject({
    hard: quota.status.hard['requests.cpu'],
    used: quota.status.used['requests.cpu'],
  });
  const own = [...(await podsOf(MODEL)), ...(await podsOf(`${MODEL}-set`))];
  expect(capped?.resources.find(({ resource }) => resource === 'cpu')).toMatchObject({
    total: '500m',
    containers: own.length,
    requested: `${10 * own.length}m`,
  });
  await portal.collect();
  const totals = await clusterTotals();
  const whole = (await portal.read(routes.allocation(ENTITY), allocationAnswer)).scopes.find(
    ({ namespace }) => namespace === null,
  );
  expect(whole?.resources.find(({ resource }) => resource === 'cpu')).toMatchObject({
    total: `${totals.milliCpu}m`,
    containers: totals.containers,
    requested: `${10 * own.length}m`,
  });
});

interface Summary {
  readonly pods: readonly {
    readonly podRef: { readonly name: string };
    readonly containers: readonly { readonly memory?: { readonly workingSetBytes?: number } }[];
  }[];
}

/** What the pods hold in memory by the kubelet's own account. */
async function kubeletBytes(): Promise<number> {
  const own = [...(await podsOf(MODEL)), ...(await podsOf(`${MODEL}-set`))];
  const names = new Set(own.map(({ metadata }) => metadata.name));
  const node = own[0]?.spec.nodeName ?? '';
  const text = await kubectl('get', '--raw', `/api/v1/nodes/${node}/proxy/stats/summary`);
  return (JSON.parse(text) as Summary).pods
    .filter(({ podRef }) => names.has(podRef.name))
    .flatMap(({ containers }) => containers.map(({ memory }) => memory?.workingSetBytes ?? 0))
    .reduce((sum, each) => sum + each, 0);
}

it('has the use that the kubelet tells, where there is no metrics server', async () => {
  for (let tries = 0; ; tries += 1) {
    await portal.collect();
    const { scopes } = await portal.read(routes.allocation(ENTITY), allocationAnswer);
    const whole = scopes.find(({ namespace }) => namespace === null);
    const memory = whole?.resources.find(({ resource }) => resource === 'memory');
    const bytes = await kubeletBytes();
    const used = Number(memory?.used ?? NaN);
    // The kubelet looks every ten seconds or so, and has no rate of the processor before its second look.
    if (memory?.measuredContainers === undefined && Math.abs(used - bytes) <= 0.25 * bytes) break;
    if (tries === 20) throw new Error(`the portal tells ${used}, the kubelet ${bytes}`);
    await sleep(3_000);
  }
});

it('leaves out what was deleted', async () => {
  await kubectl('delete', 'statefulset', `${MODEL}-set`, '-n', NAMESPACE);
  await portal.collect();
  expect((await deployments()).map(({ workload: { kind } }) => kind)).toEqual(['Deployment']);
});
