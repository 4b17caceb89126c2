import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import type { User } from '../../../test/servers/kubernetes';
import { deployObjects } from './deploy';
import { factsOf, fastClock, imageOf, objectsOf, onStage } from './deploy.fixture';
import { previewObjects } from './preview';

const configMap = (
  namespace: string,
  fields: Record<string, unknown> = { data: { a: 'b' } },
): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace },
  ...fields,
});
const autoscaler: KubernetesObject = {
  apiVersion: 'autoscaling/v1',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'mnist' },
  spec: { maxReplicas: 3, scaleTargetRef: { kind: 'Deployment', name: 'mnist' } },
};
const options = { image: imageOf('a'), clock: fastClock, runFacts: factsOf('a') };

it('applies nothing where one object is forbidden, and names each that is', () =>
  onStage({}, async ({ server, cluster }) => {
    const objects = [...objectsOf('a'), autoscaler, configMap('kube-system')];
    await expect(deployObjects({ ...options, cluster, objects })).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringMatching(
        /kube-system.*horizontalpodautoscalers.*; nothing was applied$/,
      ) as string,
      hint: expect.stringMatching(/grant .* horizontalpodautoscalers/) as string,
      faults: [{ path: 'ConfigMap/kube-system/settings' }, { path: 'HorizontalPodAutoscaler/apps/mnist' }],
    });
    expect(server.list('apps/v1', 'Deployment')).toEqual([]);
    expect(server.list('v1', 'Service')).toEqual([]);
  }));

it('applies nothing where a kind is not served, and says what is', () =>
  onStage({}, async ({ server, cluster }) => {
    const gateway = {
      apiVersion: 'autoscaling/v9',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'mnist' },
    };
    await expect(
      deployObjects({ ...options, cluster, objects: [...objectsOf('a'), gateway] }),
    ).rejects.toMatchObject({
      code: 'not-served',
      message: expect.stringMatching(
        /^deploy: HorizontalPodAutoscaler\/mnist: the cluster does not serve .* of autoscaling\/v9; of these groups it serves autoscaling\/v.*nothing was applied$/,
      ) as string,
    });
    expect(server.list('v1', 'Service')).toEqual([]);
  }));

it('refuses one object that stands twice, once with its namespace and once without', () =>
  onStage({}, async ({ server, cluster }) => {
    const bare = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } };
    const at = { file: 'deploy/b.yaml', line: 7, column: 1 };
    const objects = [configMap('apps'), bare];
    const originOf = ({ data }: KubernetesObject): typeof at | undefined =>
      data === undefined ? at : undefined;
    await expect(deployObjects({ ...options, cluster, objects, originOf })).rejects.toMatchObject({
      code: 'invalid-document',
      message:
        'deploy: ConfigMap/apps/settings stands twice in the manifests (deploy/b.yaml:7); nothing was applied',
      faults: [{ path: 'ConfigMap/apps/settings', at }],
    });
    expect(server.list('v1', 'ConfigMap')).toEqual([]);
  }));

it('names file and line of an object that the server refuses', () =>
  onStage({}, async ({ cluster }) => {
    const at = { file: 'deploy/a.yaml', line: 3, column: 1 };
    const objects = [{ ...configMap('apps'), dta: {} }];
    await expect(deployObjects({ ...options, cluster, objects, originOf: () => at })).rejects.toMatchObject({
      message: expect.stringMatching(
        /dta \(deploy\/a\.yaml:3\) is no field.*did you mean data\?; nothing was applied$/,
      ) as string,
      faults: [{ path: 'ConfigMap/apps/settings dta', at }],
    });
  }));

it('stops at a field of another manager, names both, and takes it where told to', () =>
  onStage({}, async ({ server, cluster }) => {
    server.create(configMap('apps', { data: { a: 'by hand' } }));
    const objects = [configMap('apps')];
    await expect(deployObjects({ ...options, cluster, objects })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/"test" owns \.data\.a; nothing was applied$/) as string,
      hint: expect.stringMatching(/force-conflicts/) as string,
    });
    const forced = await deployObjects({ ...options, cluster, objects, forceConflicts: true });
    expect(forced.objects).toMatchObject([{ action: 'configured' }]);
  }));

const namespaceOf = (name: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name },
});
/** May make namespaces, and holds no rights elsewhere but in these. */
const founder = (...namespaces: readonly string[]): User => ({
  name: 'founder',
  rules: [
    { resources: ['namespaces'], verbs: ['*'] },
    ...namespaces.map(namespace => ({ namespace, resources: ['*'], verbs: ['*'] })),
  ],
});

it('asks about what stands in a namespace that is there, though the manifests bring it too', () =>
  onStage({ access: { token: founder('apps') } }, async ({ server, cluster }) => {
    server.create(configMap('apps', { data: { a: 'by hand' } }));
    const objects = [namespaceOf('apps'), configMap('apps'), ...objectsOf('a')];
    await expect(deployObjects({ ...options, cluster, objects })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/"test" owns \.data\.a; nothing was applied$/) as string,
    });
    expect(server.list('apps/v1', 'Deployment')).toEqual([]);
  }));

it('waits with what stands in a namespace that only the manifests bring', () =>
  onStage({ access: { token: founder('apps', 'new') } }, async ({ server, cluster }) => {
    const objects = [namespaceOf('new'), configMap('new')];
    const { status } = await deployObjects({ ...options, cluster, objects });
    expect(status).toBe('healthy');
    expect(server.list('v1', 'ConfigMap').map(({ metadata }) => metadata.namespace)).toContain('new');
  }));

it('refuses what is forbidden in a namespace that the manifests bring', () =>
  onStage({ access: { token: founder('apps') } }, async ({ server, cluster }) => {
    const objects = [namespaceOf('new'), configMap('new')];
    await expect(deployObjects({ ...options, cluster, objects })).rejects.toMatchObject({
      code: 'forbidden',
      faults: [{ path: 'ConfigMap/new/settings' }],
    });
    expect(server.list('v1', 'Namespace').map(({ metadata }) => metadata.name)).not.toContain('new');
  }));

it('tells a change from none without changing anything', () =>
  onStage({}, async ({ server, cluster }) => {
    const object = configMap('apps');
    const preview = async (): Promise<unknown> =>
      (await previewObjects([object], cluster, { forceConflicts: false })).map(({ isChange, isDone }) => ({
        isChange,
        isDone,
      }));
    expect(await preview()).toEqual([{ isChange: true, isDone: false }]);
    expect(server.list('v1', 'ConfigMap')).toEqual([]);
    await deployObjects({ ...options, cluster, objects: [object] });
    expect(await preview()).toEqual([{ isChange: false, isDone: true }]);
  }));
