import {
  type Model,
  parseDeployment,
  parseModel,
  parseReference,
  type RunFacts,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { generateManifests, type GenerateOptions } from './generate';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const SERVED_1_20 = ['v1', 'apps/v1', 'autoscaling/v1', 'autoscaling/v2beta2', 'policy/v1beta1'];
const SERVED_1_30 = ['v1', 'apps/v1', 'autoscaling/v1', 'autoscaling/v2', 'policy/v1'];

const modelOf = (spec: Record<string, unknown> = {}): Model =>
  parseModel({
    apiVersion: 'modelpier.io/v1',
    kind: 'Model',
    metadata: { name: 'mnist' },
    spec: { files: ['model.pt'], ...spec },
  });
const runFacts: RunFacts = {
  model: 'mnist',
  version: '1.4.0',
  image: `ghcr.io/acme/mnist@${DIGEST}`,
  deployedAt: '2026-03-01T12:00:00Z',
};
const generate = (model: Model, over: Partial<GenerateOptions> = {}): readonly KubernetesObject[] =>
  generateManifests({
    model,
    image: parseReference(`ghcr.io/acme/mnist:1.4.0@${DIGEST}`),
    namespace: 'shop',
    runFacts,
    served: SERVED_1_20,
    ...over,
  });
const ofKind = (objects: readonly KubernetesObject[], kind: string): KubernetesObject => {
  const found = objects.find(object => object.kind === kind);
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
};

interface PodSpec {
  readonly [field: string]: unknown;
  readonly containers: readonly Record<string, unknown>[];
}
const podSpecOf = (objects: readonly KubernetesObject[]): PodSpec =>
  (ofKind(objects, 'Deployment')['spec'] as { template: { spec: PodSpec } }).template.spec;
const containerOf = (objects: readonly KubernetesObject[]): Record<string, unknown> =>
  podSpecOf(objects).containers[0] ?? {};

it('makes a Service and a Deployment that runs the digest, whatever the tag', () => {
  const objects = generate(modelOf());
  expect(objects.map(({ kind }) => kind)).toEqual(['Service', 'Deployment']);
  expect(containerOf(objects)).toMatchObject({ name: 'model', image: `ghcr.io/acme/mnist@${DIGEST}` });
  for (const { metadata } of objects) expect(metadata).toMatchObject({ name: 'mnist', namespace: 'shop' });
});

it('refuses an image without a digest', () => {
  expect(() => generate(modelOf(), { image: parseReference('ghcr.io/acme/mnist:1.4.0') })).toThrow(
    'generate manifests: ghcr.io/acme/mnist:1.4.0 has no digest',
  );
});

it('names an image that is yet to be pushed by its tag, in a plan', () => {
  const image = parseReference('ghcr.io/acme/mnist:1.4.0');
  const pod = podSpecOf(generate(modelOf(), { image, isPlan: true }));
  expect(pod['containers']).toMatchObject([{ image: 'ghcr.io/acme/mnist:1.4.0' }]);
});

/** Each control of https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted that sets a field. */
it('meets the Pod Security Standard "restricted"', () => {
  const objects = generate(modelOf());
  const pod = podSpecOf(objects);
  expect(pod['securityContext']).toMatchObject({
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  });
  expect((pod['securityContext'] as { runAsUser: number }).runAsUser).toBeGreaterThan(0);
  expect(containerOf(objects)['securityContext']).toEqual({
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
  });
  const volumes = pod['volumes'] as readonly Record<string, unknown>[];
  expect(volumes).toEqual([{ name: 'tmp', emptyDir: { sizeLimit: '256Mi' } }]);
  for (const field of ['hostNetwork', 'hostPID', 'hostIPC']) expect(pod).not.toHaveProperty(field);
  expect(pod['automountServiceAccountToken']).toBe(false);
});

it('keeps the old pods until new ones are ready', () => {
  const { spec } = ofKind(generate(modelOf()), 'Deployment');
  expect(spec).toMatchObject({
    strategy: { rollingUpdate: { maxUnavailable: 0 } },
    progressDeadlineSeconds: 600,
  });
});

it('probes the health of the Open Inference Protocol on the port that is served', () => {
  const container = containerOf(generate(modelOf({ runtime: { port: 9000 } })));
  expect(container['ports']).toEqual([{ name: 'http', containerPort: 9000, protocol: 'TCP' }]);
  expect(container).toMatchObject({
    startupProbe: { httpGet: { path: '/v2/health/live', port: 'http' } },
    readinessProbe: { httpGet: { path: '/v2/health/ready', port: 'http' } },
    livenessProbe: { httpGet: { path: '/v2/health/live', port: 'http' } },
  });
});

it('serves on port 8080 behind port 80 where the model file says nothing', () => {
  const objects = generate(modelOf());
  expect(containerOf(objects)['ports']).toMatchObject([{ containerPort: 8080 }]);
  expect(ofKind(objects, 'Service')['spec']).toMatchObject({
    ports: [{ port: 80, protocol: 'TCP', targetPort: 'http' }],
  });
});

it.each([
  [
    'what the model file says',
    { resources: { cpu: '250m', memory: '512Mi' } },
    { cpu: '250m', memory: '512Mi' },
  ],
  ['an accelerator', { resources: { gpu: 1 } }, { cpu: '500m', memory: '1Gi', 'nvidia.com/gpu': '1' }],
  ['defaults', {}, { cpu: '500m', memory: '1Gi' }],
])('reserves and limits %s', (_what, spec, amounts) => {
  expect(containerOf(generate(modelOf(spec)))['resources']).toEqual({ requests: amounts, limits: amounts });
});

it('selects by the model alone, and never by what a release changes', () => {
  const objects = generate(modelOf());
  const { spec } = parseDeployment(ofKind(objects, 'Deployment'));
  expect(spec.selector.matchLabels).toEqual({ 'modelpier.io/model': 'mnist' });
  expect(spec.template.metadata?.labels).toMatchObject({ 'modelpier.io/model': 'mnist' });
  expect(ofKind(objects, 'Service')['spec']).toMatchObject({ selector: { 'modelpier.io/model': 'mnist' } });
});

it('stamps the run on the metadata, so that two runs of one image make the same pods', () => {
  const [first, second] = [
    runFacts,
    { ...runFacts, version: '1.5.0', deployedAt: '2027-01-01T00:00:00Z' },
  ].map(facts => ofKind(generate(modelOf(), { runFacts: facts }), 'Deployment'));
  expect(first?.metadata.annotations).toMatchObject({ 'modelpier.io/version': '1.4.0' });
  expect(second?.metadata.annotations).toMatchObject({ 'modelpier.io/version': '1.5.0' });
  expect(first?.['spec']).toEqual(second?.['spec']);
});

const replicasOf = (objects: readonly KubernetesObject[]): unknown =>
  (ofKind(objects, 'Deployment')['spec'] as Record<string, unknown>)['replicas'];

it.each([
  ['the model file', { scaling: { replicas: 3 } }, undefined, 3],
  ['the input over the model file', { scaling: { replicas: 3 } }, 5, 5],
  ['nobody, so that who scales by hand is not overruled', {}, undefined, undefined],
  ['the autoscaler alone', { scaling: { replicas: 3, maxReplicas: 9 } }, undefined, undefined],
])('lets %s say how many replicas', (_who, spec, replicas, expected) => {
  expect(replicasOf(generate(modelOf(spec), { replicas }))).toBe(expected);
});

it('lets the named namespaces call the model, and the model call nothing, where that is asked for', () => {
  const model = modelOf({ runtime: { port: 9000 }, network: { allowFrom: ['shop', 'web', 'shop'] } });
  const served = [...SERVED_1_20, 'networking.k8s.io/v1'];
  expect(ofKind(generate(model, { served }), 'NetworkPolicy')).toMatchObject({
    apiVersion: 'networking.k8s.io/v1',
    metadata: { name: 'mnist', namespace: 'shop' },
    spec: {
      podSelector: { matchLabels: { 'modelpier.io/model': 'mnist' } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        {
          from: [
            { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } },
            { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'web' } } },
          ],
          ports: [{ protocol: 'TCP', port: 9000 }],
        },
      ],
      egress: [],
    },
  });
  expect(() => generate(model)).toThrow('generate NetworkPolicy: the cluster serves nothing of networking');
});

describe('with maxReplicas', () => {
  const scaled = modelOf({ scaling: { replicas: 2, maxReplicas: 9, targetCPU: 60 } });

  it('adds an autoscaler and a budget in the versions of Kubernetes 1.20', () => {
    const objects = generate(scaled);
    expect(ofKind(objects, 'HorizontalPodAutoscaler')).toMatchObject({
      apiVersion: 'autoscaling/v1',
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'mnist' },
        minReplicas: 2,
        maxReplicas: 9,
        targetCPUUtilizationPercentage: 60,
      },
    });
    expect(ofKind(objects, 'PodDisruptionBudget')).toMatchObject({
      apiVersion: 'policy/v1beta1',
      spec: { maxUnavailable: 1, selector: { matchLabels: { 'modelpier.io/model': 'mnist' } } },
    });
  });

  it('adds them in the newest versions where those are served', () => {
    const objects = generate(scaled, { served: SERVED_1_30 });
    expect(ofKind(objects, 'PodDisruptionBudget').apiVersion).toBe('policy/v1');
    expect(ofKind(objects, 'HorizontalPodAutoscaler')).toMatchObject({
      apiVersion: 'autoscaling/v2',
      spec: {
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } },
          },
        ],
      },
    });
  });

  it.each([0, 10])('refuses %d replicas, which the autoscaler would not keep', replicas => {
    expect(() => generate(scaled, { replicas })).toThrow(
      `replicas is ${replicas}, and the autoscaler keeps them from 1 to the 9 of scaling.maxReplicas`,
    );
  });

  it('says so where the cluster serves neither version', () => {
    expect(() => generate(scaled, { served: ['v1', 'autoscaling/v2beta2'] })).toThrow(
      'generate HorizontalPodAutoscaler: the cluster serves autoscaling/v2beta2, not autoscaling/v2 or autoscaling/v1',
    );
  });
});
