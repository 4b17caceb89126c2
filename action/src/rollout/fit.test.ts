import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { deployerOf } from '../../../test/servers/kubernetes';
import { factsOf, fastClock, imageOf, objectsOf, onStage } from './deploy.fixture';
import { deployObjects } from './deploy';
import { planObjects } from './plan';

const MIB = 1024 * 1024;
const options = { image: imageOf('a'), clock: fastClock, runFacts: factsOf('1.0.0') };
const footprint = { format: 'torchscript', bytes: 100 * MIB, platforms: [] };
/** A deployer that may also see what its releases have to fit into. */
const access = {
  token: {
    ...deployerOf('apps'),
    rules: [
      ...deployerOf('apps').rules,
      { namespace: 'apps', resources: ['resourcequotas', 'limitranges'], verbs: ['list'] },
      { resources: ['nodes', 'pods'], verbs: ['list'] },
    ],
  },
};

const withMemory = (memory: string): readonly KubernetesObject[] => {
  const [deployment, ...others] = structuredClone(objectsOf('a'));
  const { template } = deployment?.['spec'] as { template: { spec: { containers: object[] } } };
  Object.assign(template.spec.containers[0] ?? {}, { resources: { limits: { memory } } });
  return deployment === undefined ? others : [deployment, ...others];
};

it('refuses before the apply what can never work, with what to change', () =>
  onStage({ access }, async ({ server, cluster }) => {
    const objects = withMemory('64Mi');
    await expect(deployObjects({ ...options, cluster, objects, footprint })).rejects.toMatchObject({
      code: 'unsupported',
      message:
        "check the fit: Deployment/apps/mnist: container model: the memory limit is 64 MiB, and the model's files alone are 100 MiB; nothing was applied",
      hint: 'raise resources.limits.memory of container model to 356Mi or more',
    });
    expect(server.list('v1', 'Service')).toEqual([]);
    expect(server.list('apps/v1', 'Deployment')).toEqual([]);
  }));

it('warns of what may not fit, and goes on', () =>
  onStage({ access }, async ({ cluster }) => {
    const warnings: string[] = [];
    const deployed = await deployObjects({
      ...options,
      cluster,
      objects: withMemory('128Mi'),
      footprint,
      onWarning: warning => warnings.push(warning),
    });
    expect(deployed.status).toBe('healthy');
    expect(warnings).toEqual([expect.stringMatching(/^Deployment\/apps\/mnist: .*about 256 MiB; raise/)]);
  }));

it('compares with the quota of the namespace and the nodes of the cluster', () =>
  onStage(
    { access, nodes: [{ name: 'small', allocatable: { cpu: '1', memory: '32Mi', pods: '9' } }] },
    async ({ server, cluster }) => {
      server.create({
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'team', namespace: 'apps' },
        spec: { hard: { pods: '1' } },
        status: { hard: { pods: '1' }, used: { pods: '0' } },
      });
      const { fit } = await planObjects({ ...options, cluster, objects: withMemory('64Mi') });
      expect(fit?.map(({ severity, message }) => ({ severity, message }))).toEqual([
        {
          severity: 'refusal',
          message: '2 pods ask for 2 of pods, and the ResourceQuota team allows 1 in all',
        },
        {
          severity: 'refusal',
          message: 'a pod asks for 64 MiB of memory, and the largest node that takes it offers 32 MiB',
        },
      ]);
    },
  ));

it('does without what it may not read, and says so', () =>
  onStage({}, async ({ cluster }) => {
    const { fit } = await planObjects({ ...options, cluster, objects: withMemory('64Mi') });
    expect(fit?.map(({ severity }) => severity)).toEqual(['skipped', 'skipped', 'skipped', 'skipped']);
    expect(fit?.[0]?.message).toMatch(/^not compared with nodes, .*grant .* the verb "list" on nodes/);
  }));

it('asks nothing where no pod changes', () =>
  onStage({ access }, async ({ server, cluster }) => {
    await deployObjects({ ...options, cluster, objects: objectsOf('a') });
    const asked = server.faults.requests.length;
    await planObjects({ ...options, cluster, objects: objectsOf('a') });
    expect(server.faults.requests.slice(asked).filter(({ url }) => /nodes|quotas/.test(url))).toEqual([]);
  }));
