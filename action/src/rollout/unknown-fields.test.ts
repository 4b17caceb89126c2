// cspell:ignore replcias imgae comand
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { factsOf, fastClock, imageOf, objectsOf, onStage } from './deploy.fixture';
import { deployObjects } from './deploy';

const options = { image: imageOf('a'), clock: fastClock, runFacts: factsOf('a') };
const [deployment, service] = objectsOf('a') as [KubernetesObject, KubernetesObject];
/** Slips at two depths, of which the server names the deeper one of each object alone. */
const withSlips = (): readonly KubernetesObject[] => {
  const slipped = structuredClone(deployment) as unknown as {
    spec: { replcias: number; template: { spec: { containers: Record<string, unknown>[] } } };
  };
  slipped.spec.replcias = 3;
  const [model, proxy] = slipped.spec.template.spec.containers;
  Object.assign(model ?? {}, { imgae: 'x', wholly: 'other' });
  Object.assign(proxy ?? {}, { comand: [] });
  const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, dta: {} };
  return [slipped as unknown as KubernetesObject, service, settings];
};

it('tells every slip of every object, its line and what was meant, and applies nothing', () =>
  onStage({}, async ({ server, cluster }) => {
    const refused = deployObjects({
      ...options,
      cluster,
      objects: withSlips(),
      originOf: ({ kind }, path = []) => ({ file: `${kind}.yaml`, line: path.length, column: 1 }),
    });
    await expect(refused).rejects.toMatchObject({
      code: 'invalid-document',
      hint: 'check the spelling and the indentation of the field',
      faults: [
        { path: 'ConfigMap/apps/settings dta', message: 'is no field of ConfigMap; did you mean data?' },
        { path: 'Deployment/apps/mnist spec.template.spec.containers[0].imgae', at: { line: 6 } },
        {
          path: 'Deployment/apps/mnist spec.template.spec.containers[0].wholly',
          message: 'is no field of Deployment',
        },
        {
          path: 'Deployment/apps/mnist spec.template.spec.containers[1].comand',
          message: 'is no field of Deployment; did you mean command?',
        },
        { path: 'Deployment/apps/mnist spec.replcias', at: { file: 'Deployment.yaml', line: 2 } },
      ],
    });
    expect(server.list('v1', 'Service')).toEqual([]);
  }));

it('says what the server said where the schemas cannot be read', () =>
  onStage({}, async ({ server, cluster }) => {
    server.faults.plant({ url: /openapi/, status: 403 });
    await expect(deployObjects({ ...options, cluster, objects: withSlips() })).rejects.toMatchObject({
      message: expect.stringContaining('dta: field not declared in schema') as string,
    });
  }));

/** As a server before 1.25 does with custom resources, and any with a field that is switched off. */
const droppingServer = {
  answering: (object: KubernetesObject, dropped: string): KubernetesObject => {
    const kept = structuredClone(object) as unknown as Record<string, Record<string, unknown>>;
    Reflect.deleteProperty(kept['spec'] ?? {}, dropped);
    return kept as unknown as KubernetesObject;
  },
};

it('refuses a slip that a server without strict checks passes over in silence', () =>
  onStage({}, async ({ server, cluster }) => {
    const slipped = { ...deployment, spec: { ...(deployment['spec'] as object), replcias: 3 } };
    const lenient = {
      ...cluster,
      applyObject: async (object: KubernetesObject, how: Parameters<typeof cluster.applyObject>[1]) =>
        cluster.applyObject(droppingServer.answering(object, 'replcias'), how),
    };
    await expect(deployObjects({ ...options, cluster: lenient, objects: [slipped] })).rejects.toThrow(
      'apply Deployment/apps/mnist: INVALID: spec.replcias is no field of Deployment; did you mean replicas?',
    );
    expect(server.list('apps/v1', 'Deployment')).toEqual([]);
  }));

it('warns of a field that its kind has and the cluster does not keep', () =>
  onStage({}, async ({ cluster }) => {
    const warnings: string[] = [];
    const wanted = { ...deployment, spec: { ...(deployment['spec'] as object), minReadySeconds: 5 } };
    const lenient = {
      ...cluster,
      applyObject: async (object: KubernetesObject, how: Parameters<typeof cluster.applyObject>[1]) =>
        cluster.applyObject(droppingServer.answering(object, 'minReadySeconds'), how),
    };
    await deployObjects({
      ...options,
      cluster: lenient,
      objects: [wanted],
      onWarning: warning => warnings.push(warning),
    });
    expect(warnings).toEqual([
      expect.stringContaining('Deployment/apps/mnist: the cluster does not keep spec.minReadySeconds'),
    ]);
  }));
