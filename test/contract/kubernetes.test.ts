// cspell:ignore imgae replcias

import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DeploymentObject,
  type ModelpierError,
  type ObjectRef,
  parseDeployment,
  parsePod,
  schemasOf,
  unknownFields,
} from '@modelpier/backstage-plugin-modelpier-common';
import {
  type ClusterClient,
  type KubernetesObject,
  loadCluster,
  type WatchEvent,
} from '@modelpier/backstage-plugin-modelpier-node';
import { BAD_IMAGE, GOOD_IMAGE, NAMESPACE, type System, systems } from './kubernetes-system';

/** A real node pulls images and starts processes. */
const ROLLOUT_MS = 60_000;
const MANAGER = 'contract-manager';

const configMap = (name: string, fields: object): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: `contract-${name}`, namespace: NAMESPACE, labels: { contract: 'yes' } },
  ...fields,
});

const deployment = (name: string, image: string, replicas = 1): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: `contract-${name}`, namespace: NAMESPACE, labels: { contract: 'yes' } },
  spec: {
    replicas,
    selector: { matchLabels: { app: `contract-${name}` } },
    template: {
      metadata: { labels: { app: `contract-${name}` } },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [{ name: 'main', image, resources: { requests: { cpu: '10m', memory: '16Mi' } } }],
      },
    },
  },
});

const refOf = ({ apiVersion, kind, metadata: { namespace, name } }: KubernetesObject): ObjectRef => ({
  apiVersion,
  kind,
  namespace,
  name,
});

const apply = (cluster: ClusterClient, object: KubernetesObject, options: object = {}) =>
  cluster.applyObject(object, { fieldManager: MANAGER, ...options });

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + ROLLOUT_MS;
  while (Date.now() < deadline) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(50);
  }
  throw new Error('what was waited for did not come');
}

const isThrough = ({ metadata, spec, status }: DeploymentObject): boolean =>
  status?.observedGeneration === metadata.generation &&
  status?.updatedReplicas === spec.replicas &&
  status?.replicas === spec.replicas &&
  status?.availableReplicas === spec.replicas;

describe.each(systems)('$name', system => {
  let cluster: ClusterClient;
  let started: Awaited<ReturnType<System['start']>>;

  const remove = async () => {
    for (const [apiVersion, kind] of [
      ['apps/v1', 'Deployment'],
      ['v1', 'ConfigMap'],
    ] as const) {
      const left = cluster.listObjects({
        apiVersion,
        kind,
        namespace: NAMESPACE,
        labelSelector: 'contract=yes',
      });
      for (const object of await collect(left)) await cluster.deleteObject(refOf(object));
    }
  };

  beforeAll(async () => {
    started = await system.start();
    cluster = await loadCluster({ kubeconfig: started.kubeconfig });
    await remove();
  });

  afterAll(async () => {
    await remove();
    cluster.close();
    await started.stop();
  });

  it('takes the namespace from the context', () => {
    expect(cluster.namespace).toBe(NAMESPACE);
  });

  it('discovers kinds with their plural and scope, and the served versions', async () => {
    expect(await cluster.servedKind('apps/v1', 'Deployment')).toEqual({
      plural: 'deployments',
      namespaced: true,
    });
    expect(await cluster.servedKind('v1', 'Node')).toEqual({ plural: 'nodes', namespaced: false });
    expect(await cluster.servedVersions()).toEqual(
      expect.arrayContaining(['v1', 'apps/v1', 'autoscaling/v1']),
    );
  });

  it('knows no kind that is not served', async () => {
    expect(await cluster.servedKind('apps/v1', 'Spaceship')).toBeUndefined();
    expect(await cluster.servedKind('contract.example/v1', 'Spaceship')).toBeUndefined();
  });

  it('names the versions that are served where a manifest asks for another', async () => {
    await expect(
      cluster.getObject({ apiVersion: 'apps/v1beta1', kind: 'Deployment', namespace: NAMESPACE, name: 'x' }),
    ).rejects.toMatchObject({
      code: 'not-served',
      message: expect.stringContaining('get Deployment/apps/x: NOT_SERVED:') as string,
      hint: 'set its apiVersion to apps/v1, which the cluster serves',
    });
  });

  it('creates, then leaves unchanged, then configures', async () => {
    const before = await apply(cluster, configMap('actions', { data: { a: '1' } }));
    const same = await apply(cluster, configMap('actions', { data: { a: '1' } }));
    const changed = await apply(cluster, configMap('actions', { data: { a: '2' } }));
    expect([before.action, same.action, changed.action]).toEqual(['created', 'unchanged', 'configured']);
    expect(same.object.metadata.resourceVersion).toBe(before.object.metadata.resourceVersion);
    expect(changed.object.metadata.resourceVersion).not.toBe(before.object.metadata.resourceVersion);
  });

  it('removes a field that its manager no longer applies', async () => {
    await apply(cluster, configMap('removal', { data: { kept: '1', dropped: '2' } }));
    const { object } = await apply(cluster, configMap('removal', { data: { kept: '1' } }));
    expect(object.data).toEqual({ kept: '1' });
  });

  it('names manager and field of a conflict, and takes the field by force', async () => {
    await apply(cluster, configMap('conflict', { data: { a: '1' } }), { fieldManager: 'first' });
    const rival = configMap('conflict', { data: { a: '2' } });
    await expect(apply(cluster, rival, { fieldManager: 'second' })).rejects.toMatchObject({
      code: 'conflict',
      message: 'apply ConfigMap/apps/contract-conflict: CONFLICT: "first" owns .data.a',
      hint: expect.stringContaining('force-conflicts: true') as string,
    });
    const { object } = await apply(cluster, rival, { fieldManager: 'second', force: true });
    expect(object.data).toEqual({ a: '2' });
  });

  it('names a field of a container in a conflict', async () => {
    const first = deployment('owned', GOOD_IMAGE, 0);
    await apply(cluster, first, { fieldManager: 'first' });
    await expect(
      apply(cluster, deployment('owned', BAD_IMAGE, 0), { fieldManager: 'second' }),
    ).rejects.toThrow('"first" owns .spec.template.spec.containers[name="main"].image');
  });

  it('shares a field of equal value between managers', async () => {
    await apply(cluster, configMap('shared', { data: { a: '1' } }), { fieldManager: 'first' });
    await apply(cluster, configMap('shared', { data: { a: '1' } }), { fieldManager: 'second' });
    const left = await apply(cluster, configMap('shared', {}), { fieldManager: 'first' });
    expect(left.object.data).toEqual({ a: '1' });
  });

  it('tells what a dry run would do and changes nothing', async () => {
    const creation = await apply(cluster, configMap('imagined', { data: { a: '1' } }), { dryRun: true });
    expect(creation.action).toBe('created');
    expect(await cluster.getObject(refOf(configMap('imagined', {})))).toBeUndefined();

    await apply(cluster, configMap('previewed', { data: { a: '1' } }));
    const change = await apply(cluster, configMap('previewed', { data: { a: '2' } }), { dryRun: true });
    const nothing = await apply(cluster, configMap('previewed', { data: { a: '1' } }), { dryRun: true });
    expect([change.action, nothing.action]).toEqual(['configured', 'unchanged']);
    expect((await cluster.getObject(refOf(configMap('previewed', {}))))?.data).toEqual({ a: '1' });
  });

  it('refuses a field that the kind does not have', async () => {
    await expect(apply(cluster, configMap('typo', { dota: { a: '1' } }))).rejects.toMatchObject({
      code: 'invalid-document',
      message: 'apply ConfigMap/apps/contract-typo: INVALID: .dota: field not declared in schema',
      faults: [{ path: 'dota', message: 'field not declared in schema' }],
    });
  });

  it('names at least one of several fields that the kind does not have', async () => {
    const slips = deployment('slips', GOOD_IMAGE);
    const { template } = slips.spec as { template: { spec: { containers: object[] } } };
    template.spec.containers = [{ ...template.spec.containers[0], imgae: 'x' }];
    const object = { ...slips, spec: { ...(slips.spec as object), template, replcias: 1 } };
    const error = await apply(cluster, object).then(
      () => undefined,
      (failed: unknown) => failed as ModelpierError,
    );
    expect(error?.code).toBe('invalid-document');
    expect(error?.faults.length).toBeGreaterThan(0);
    // The real server looks at fields in any order and stops where it pleases.
    for (const fault of error?.faults ?? []) {
      expect([
        { path: 'spec.template.spec.containers[name="main"].imgae', message: 'field not declared in schema' },
        { path: 'spec.replcias', message: 'field not declared in schema' },
      ]).toContainEqual(fault);
    }
  });

  it('tells the fields of each kind in one document', async () => {
    const schemas = schemasOf(await cluster.getJson('/openapi/v2'));
    expect(unknownFields(deployment('known', GOOD_IMAGE), schemas)).toEqual([]);
    const object = deployment('unknown', GOOD_IMAGE);
    const unknown = unknownFields({ ...object, spec: { ...(object.spec as object), replcias: 1 } }, schemas);
    expect(unknown).toEqual([{ path: ['spec', 'replcias'], nearest: 'replicas' }]);
    await expect(cluster.getJson('/openapi/v3/apis/none.example/v1')).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('lists every fault of a bad manifest', async () => {
    const bad = deployment('bad', '', -1);
    await expect(apply(cluster, bad)).rejects.toMatchObject({
      code: 'invalid-document',
      message: expect.stringContaining('apply Deployment/apps/contract-bad: INVALID:') as string,
      faults: [
        { path: 'spec.replicas', message: 'Invalid value: -1: must be greater than or equal to 0' },
        { path: 'spec.template.spec.containers[0].image', message: 'Required value' },
      ],
    });
  });

  it('lists what a selector matches, each item with its kind', async () => {
    for (const name of ['one', 'two', 'three'])
      await apply(cluster, configMap(`list-${name}`, { data: { name } }));
    const selection = { apiVersion: 'v1', kind: 'ConfigMap', namespace: NAMESPACE };
    const labelled = await collect(cluster.listObjects({ ...selection, labelSelector: 'contract in (yes)' }));
    const named = await collect(
      cluster.listObjects({ ...selection, fieldSelector: 'metadata.name=contract-list-two' }),
    );
    expect(labelled.map(({ metadata }) => metadata.name)).toEqual(
      expect.arrayContaining(['contract-list-one', 'contract-list-three', 'contract-list-two']),
    );
    expect(named).toMatchObject([{ apiVersion: 'v1', kind: 'ConfigMap', data: { name: 'two' } }]);
  });

  it('answers a list in pages that together hold everything once', async () => {
    for (const name of ['a', 'b', 'c']) await apply(cluster, configMap(`page-${name}`, {}));
    const path = `/api/v1/namespaces/${NAMESPACE}/configmaps?labelSelector=contract%3Dyes&limit=2`;
    const names: string[] = [];
    let token = '';
    do {
      const page = (await cluster.getJson(`${path}&continue=${token}`)) as {
        metadata: { continue?: string };
        items: KubernetesObject[];
      };
      expect(page.items.length).toBeLessThanOrEqual(2);
      names.push(...page.items.map(({ metadata }) => metadata.name));
      token = page.metadata.continue ?? '';
    } while (token !== '');
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(['contract-page-a', 'contract-page-b', 'contract-page-c']));
  });

  it('watches what is there and each change until it is aborted', async () => {
    await apply(cluster, configMap('watched', { data: { step: '0' } }));
    const abort = new AbortController();
    const seen: WatchEvent[] = [];
    const selection = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: NAMESPACE,
      fieldSelector: 'metadata.name=contract-watched',
    };
    const watching = (async () => {
      for await (const event of cluster.watchObjects(selection, { signal: abort.signal })) {
        seen.push(event);
        if (seen.length === 1) await apply(cluster, configMap('watched', { data: { step: '1' } }));
        if (seen.length === 2) await cluster.deleteObject(refOf(configMap('watched', {})));
        if (seen.length === 3) abort.abort();
      }
    })();
    await watching;
    expect(seen.map(({ type, object }) => [type, object.data])).toEqual([
      ['ADDED', { step: '0' }],
      ['MODIFIED', { step: '1' }],
      ['DELETED', { step: '1' }],
    ]);
  });

  it('says which rule is missing where another namespace is forbidden', async () => {
    const other = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'x' };
    await expect(cluster.getObject(other)).rejects.toMatchObject({
      code: 'forbidden',
      message: `get Deployment/default/x: FORBIDDEN: deployments.apps "x" is forbidden: User "system:serviceaccount:apps:deployer" cannot get resource "deployments" in API group "apps" in the namespace "default"`,
      hint: 'grant system:serviceaccount:apps:deployer the verb "get" on deployments.apps in a Role of namespace "default"',
    });
    await expect(collect(cluster.listObjects({ apiVersion: 'v1', kind: 'Node' }))).rejects.toMatchObject({
      code: 'forbidden',
      hint: 'grant system:serviceaccount:apps:deployer the verb "list" on nodes in a ClusterRole',
    });
  });

  it.each([
    ['GET', 'get'],
    ['POST', 'create'],
  ] as const)('asks a pod by %s only with the right to %s pods/proxy', async (method, verb) => {
    const pod = { namespace: NAMESPACE, name: 'contract-nobody', port: 8080 };
    await expect(cluster.callPod(pod, { method, path: '/v2/health/ready' })).rejects.toMatchObject({
      code: 'forbidden',
      message: `ask port 8080 of Pod/apps/contract-nobody for /v2/health/ready: FORBIDDEN: pods "contract-nobody:8080" is forbidden: User "system:serviceaccount:apps:deployer" cannot ${verb} resource "pods/proxy" in API group "" in the namespace "apps"`,
      hint: `grant system:serviceaccount:apps:deployer the verb "${verb}" on pods/proxy in a Role of namespace "apps"`,
    });
  });

  it('reports whether there was something to delete', async () => {
    await apply(cluster, configMap('deleted', {}));
    expect(await cluster.deleteObject(refOf(configMap('deleted', {})))).toBe(true);
    expect(await cluster.deleteObject(refOf(configMap('deleted', {})))).toBe(false);
  });

  it('rolls a Deployment out until its pods are ready, with the image id of each', async () => {
    await apply(cluster, deployment('good', GOOD_IMAGE, 2));
    const through = await until(async () => {
      const parsed = parseDeployment(await cluster.getObject(refOf(deployment('good', ''))));
      return isThrough(parsed) ? parsed : undefined;
    });
    expect(through.status?.conditions).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' }),
        expect.objectContaining({ type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' }),
      ]),
    );
    const selection = {
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: NAMESPACE,
      labelSelector: 'app=contract-good',
    };
    const pods = (await collect(cluster.listObjects(selection))).map(parsePod);
    expect(pods).toHaveLength(2);
    for (const { status } of pods) {
      expect(status?.phase).toBe('Running');
      expect(status?.containerStatuses).toMatchObject([
        {
          ready: true,
          imageID: expect.stringMatching(/^127\.0\.0\.1:5000\/k8s\/pause@sha256:[0-9a-f]{64}$/) as string,
        },
      ]);
    }
    const again = await apply(cluster, deployment('good', GOOD_IMAGE, 2));
    expect(again.action).toBe('unchanged');
    expect(again.object.metadata.generation).toBe(1);
  });

  it('keeps the old pods serving while the new image cannot be pulled', async () => {
    await apply(cluster, deployment('broken', GOOD_IMAGE, 1));
    const labelSelector = 'app=contract-broken';
    const ref = refOf(deployment('broken', ''));
    await until(async () => isThrough(parseDeployment(await cluster.getObject(ref))) || undefined);
    await apply(cluster, deployment('broken', BAD_IMAGE, 1));
    const selection = { apiVersion: 'v1', kind: 'Pod', namespace: NAMESPACE, labelSelector };
    const reasons = new Set<string>();
    await until(async () => {
      for (const pod of (await collect(cluster.listObjects(selection))).map(parsePod)) {
        const waiting = pod.status?.containerStatuses?.[0]?.state?.waiting;
        if (waiting?.reason?.includes('Image') === true) reasons.add(waiting.reason);
        if (waiting?.reason === 'ErrImagePull') expect(waiting.message).toContain('not found');
      }
      return reasons.has('ImagePullBackOff') || undefined;
    });
    const { status } = parseDeployment(await cluster.getObject(ref));
    expect(status).toMatchObject({
      updatedReplicas: 1,
      availableReplicas: 1,
      unavailableReplicas: 1,
      replicas: 2,
    });
    const sets = await collect(
      cluster.listObjects({ apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace: NAMESPACE, labelSelector }),
    );
    const revisions = sets.map(({ metadata }) => metadata.annotations?.['deployment.kubernetes.io/revision']);
    expect(revisions.sort()).toEqual(['1', '2']);
  }, 90_000);
});
