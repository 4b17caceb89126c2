import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { objectsOf, onStage, release, type Stage } from './deploy.fixture';
import { HalfAppliedError } from './half-applied';

const autoscaler = {
  apiVersion: 'autoscaling/v1',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'any', namespace: 'apps' },
  spec: {
    minReplicas: 2,
    maxReplicas: 9,
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'mnist' },
  },
};
const all = { access: { token: { name: 'admin', rules: [{ resources: ['*'], verbs: ['*'] }] } } };

const deploymentOf = ({ server }: Stage): { spec: { replicas?: number } } & KubernetesObject =>
  server.list('apps/v1', 'Deployment')[0] as never;
const ownersOf = (stage: Stage): readonly string[] =>
  (
    deploymentOf(stage).metadata as unknown as {
      managedFields: readonly { manager: string; fieldsV1: { 'f:spec'?: object } }[];
    }
  ).managedFields
    .filter(({ fieldsV1 }) => 'f:replicas' in (fieldsV1['f:spec'] ?? {}))
    .map(({ manager }) => manager);

describe('replicas', () => {
  it('stay as they are when autoscaling is turned on', () =>
    onStage(all, async stage => {
      await release(stage, 'a', { objects: objectsOf('a', { replicas: 3 }) });
      const seen: number[] = [];
      const scaled = [...objectsOf('a', { replicas: undefined }), autoscaler];
      await release(stage, 'a', {
        objects: scaled,
        onEvent: () => seen.push(deploymentOf(stage).spec.replicas ?? 0),
      });
      expect([...seen, deploymentOf(stage).spec.replicas]).not.toContain(1);
      expect(deploymentOf(stage).spec.replicas).toBe(3);
      expect(ownersOf(stage)).toEqual(['handover-to-hpa']);
      // And no release after it moves them.
      expect(await release(stage, 'a', { objects: scaled })).toMatchObject({ status: 'unchanged' });
    }));

  it.each([
    ['in the same set', (object: KubernetesObject) => ({ objects: [object], there: [] })],
    ['in the cluster', (object: KubernetesObject) => ({ objects: [], there: [object] })],
  ])('of manifests give way to an autoscaler %s', (_where, place) =>
    onStage(all, async stage => {
      const { objects, there } = place(autoscaler);
      for (const each of there) stage.server.create(each);
      await release(stage, 'a', { objects: [...objectsOf('a', { replicas: 5 }), ...objects] });
      expect(deploymentOf(stage).spec.replicas).toBe(1);
      expect(ownersOf(stage)).toEqual([]);
    }),
  );

  it('are applied where the autoscaler is for another workload', () =>
    onStage(all, async stage => {
      const spec = { ...autoscaler.spec, scaleTargetRef: { kind: 'Deployment', name: 'other' } };
      stage.server.create({ ...autoscaler, spec });
      await release(stage, 'a', { objects: objectsOf('a', { replicas: 3 }) });
      expect(deploymentOf(stage).spec.replicas).toBe(3);
    }));

  it('are applied by a deployer that may not list autoscalers', () =>
    onStage({}, async stage => {
      expect(await release(stage, 'a')).toMatchObject({ status: 'healthy', replicas: { desired: 2 } });
    }));
});

describe('what kubectl apply made', () => {
  const ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';
  const ofKubectl = (stage: Stage): void => {
    const [deployment] = objectsOf('f', { replicas: 2, minReadySeconds: 7 });
    const metadata = { name: 'mnist', namespace: 'apps', annotations: { [ANNOTATION]: '{}' } };
    stage.server.create({ ...deployment, metadata }, 'kubectl-client-side-apply');
  };

  it('becomes ours once: changed without a conflict, and without what the manifests leave out', () =>
    onStage({}, async stage => {
      ofKubectl(stage);
      expect(await release(stage, 'a')).toMatchObject({ status: 'healthy' });
      const { spec, metadata } = deploymentOf(stage);
      expect(spec).not.toHaveProperty('minReadySeconds', 7);
      expect(metadata.annotations ?? {}).not.toHaveProperty([ANNOTATION]);
      const { managedFields } = metadata as unknown as { managedFields: readonly { manager: string }[] };
      expect(managedFields.map(({ manager }) => manager)).not.toContain('kubectl-client-side-apply');
    }));

  it('keeps its replicas where an autoscaler takes over', () =>
    onStage(all, async stage => {
      ofKubectl(stage);
      await release(stage, 'a', { objects: [...objectsOf('a', { replicas: undefined }), autoscaler] });
      expect(deploymentOf(stage).spec.replicas).toBe(2);
    }));

  it('is a conflict where another manager holds a field too', () =>
    onStage({}, async stage => {
      const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 's', namespace: 'apps' } };
      stage.server.create({ ...settings, data: { a: '1' } }, 'kubectl-client-side-apply');
      const { apiVersion, kind, metadata } = settings;
      const ref = { apiVersion, kind, namespace: metadata.namespace, name: metadata.name };
      await stage.cluster.patchObject(ref, { data: { b: '1' } }, { fieldManager: 'operator' });
      const objects = [{ ...settings, data: { a: '2', b: '2' } }];
      await expect(release(stage, 'a', { objects })).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('"operator" owns .data.b') as string,
      });
    }));
});

describe('an object edited by hand', () => {
  const settings: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings', namespace: 'apps' },
    data: { level: 'info' },
  };
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'apps', name: 'settings' };
  const edit = async ({ cluster }: Stage, data: Record<string, string | null>): Promise<void> => {
    await cluster.patchObject(ref, { data }, { fieldManager: 'kubectl-edit' });
  };

  it('is a conflict that names who and what, and put back where that is asked for', () =>
    onStage({}, async stage => {
      const objects = [settings];
      await release(stage, 'a', { objects });
      await edit(stage, { level: 'debug' });
      await expect(release(stage, 'a', { objects })).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('"kubectl-edit" owns .data.level; nothing was applied') as string,
      });
      await release(stage, 'a', { objects, forceConflicts: true });
      expect((await stage.cluster.getObject(ref))?.['data']).toEqual({ level: 'info' });
    }));

  it('gets back what was taken away, and keeps what was added', () =>
    onStage({}, async stage => {
      const objects = [settings];
      await release(stage, 'a', { objects });
      await edit(stage, { level: null, extra: 'by hand' });
      expect(await release(stage, 'a', { objects })).toMatchObject({ objects: [{ action: 'configured' }] });
      expect((await stage.cluster.getObject(ref))?.['data']).toEqual({ level: 'info', extra: 'by hand' });
    }));

  it('is a conflict also where it was edited by kubectl apply, once it is ours', () =>
    onStage({}, async stage => {
      const objects = [{ ...settings, data: { level: 'info', format: 'json' } }];
      await release(stage, 'a', { objects });
      const manager = { fieldManager: 'kubectl-client-side-apply' };
      await stage.cluster.patchObject(ref, { data: { level: 'debug' } }, manager);
      await expect(release(stage, 'a', { objects })).rejects.toMatchObject({
        message: expect.stringContaining('"kubectl-client-side-apply" owns .data.level') as string,
      });
    }));
});

it('tells what was applied where the cluster takes a later object no more', () =>
  onStage({}, async stage => {
    const refusing = {
      ...stage.cluster,
      applyObject: (...[object, options]: Parameters<Stage['cluster']['applyObject']>) => {
        // Between the preview and the apply, the quota of the namespace was used up.
        if (options.dryRun !== true && object.kind === 'Deployment')
          return stage.cluster.applyObject(
            { ...object, metadata: { ...object.metadata, namespace: 'elsewhere' } },
            options,
          );
        return stage.cluster.applyObject(object, options);
      },
    };
    const refused = await release({ ...stage, cluster: refusing }, 'a').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(HalfAppliedError);
    expect(refused).toMatchObject({
      code: 'forbidden',
      message: expect.stringMatching(/; applied before: Service\/apps\/mnist \(created\)$/) as string,
      applied: [{ action: 'created', object: { kind: 'Service' } }],
    });
  }));
