import { parsePlatform } from '../image/platform';
import type { FitFinding } from './finding';
import { nodeOf, podOn, quotaOf, rangeOf, workloadOf } from './fit.fixture';
import { checkFit, type FitCluster, type FitQuestion, skippedChecks } from './fit';
import { readFitWorkload } from './workload';

const EMPTY: FitCluster = { nodes: [], pods: [], quotas: [], limitRanges: [] };
const MIB = 1024 * 1024;

const findings = (
  workload: FitQuestion['workload'],
  cluster: Partial<FitCluster> = {},
  question: Partial<FitQuestion> = {},
): readonly Pick<FitFinding, 'severity' | 'message'>[] =>
  checkFit(
    {
      workload,
      model: { format: 'onnx', bytes: undefined, containers: ['model'] },
      platforms: [],
      ...question,
    },
    { ...EMPTY, ...cluster },
  ).map(({ severity, message }) => ({ severity, message }));

const model = (format: string, size: number): Partial<FitQuestion> => ({
  model: { format, bytes: size * MIB, containers: ['model'] },
});

describe('memory', () => {
  it.each([
    ['torchscript', '900Mi', 600, []],
    ['torchscript', '800Mi', 600, ['warning']],
    ['torchscript', '500Mi', 600, ['refusal']],
    // Mapped files count as far as they are used.
    ['gguf', '500Mi', 600, ['warning']],
    ['gguf', '600Mi', 600, []],
    ['other', '599Mi', 600, ['warning']],
  ])('%s of a limit of %s and files of %i MiB: %j', (format, memory, size, severities) => {
    const found = findings(workloadOf({ limits: { memory } }), {}, model(format, size));
    expect(found.map(({ severity }) => severity)).toEqual(severities);
  });

  it('names both amounts and what to set', () => {
    const workload = workloadOf({ limits: { memory: '64Mi' } });
    const [finding] = checkFit(
      { workload, platforms: [], model: { format: 'torchscript', bytes: 100 * MIB, containers: ['model'] } },
      EMPTY,
    );
    expect(finding).toEqual({
      severity: 'refusal',
      object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'apps', name: 'mnist' },
      message: "container model: the memory limit is 64 MiB, and the model's files alone are 100 MiB",
      remedy: 'raise resources.limits.memory of container model to 356Mi or more',
    });
  });

  it('only warns where the weights go to an accelerator', () => {
    const limits = { memory: '64Mi', 'nvidia.com/gpu': '1' };
    expect(findings(workloadOf({ limits }), {}, model('torchscript', 100))).toMatchObject([
      { severity: 'warning' },
    ]);
  });

  it('takes the limit that the namespace gives to containers without one, and no other container', () => {
    const limitRanges = [rangeOf({ default: { memory: '64Mi' } })];
    expect(findings(workloadOf({}), { limitRanges }, model('torchscript', 100))).toHaveLength(1);
    expect(findings(workloadOf({}), {}, model('torchscript', 100))).toEqual([]);
    const elsewhere = { model: { format: 'torchscript', bytes: 100 * MIB, containers: ['other'] } };
    expect(findings(workloadOf({ limits: { memory: '64Mi' } }), {}, elsewhere)).toEqual([]);
  });
});

it('refuses containers that a LimitRange keeps out', () => {
  const limitRanges = [rangeOf({ max: { memory: '1Gi' }, min: { cpu: '100m' } })];
  const resources = { limits: { memory: '2Gi' }, requests: { cpu: '10m' } };
  expect(findings(workloadOf(resources), { limitRanges })).toEqual([
    {
      severity: 'refusal',
      message:
        'container model: the memory limit of 2 GiB is over 1 GiB, so that the LimitRange bounds keeps its pods out',
    },
    {
      severity: 'refusal',
      message:
        'container model: the CPU request of 0.01 CPU is under 0.1 CPU, so that the LimitRange bounds keeps its pods out',
    },
  ]);
  expect(findings(workloadOf({ limits: { memory: '1Gi', cpu: '100m' } }), { limitRanges })).toEqual([]);
});

describe('quota', () => {
  const asking = { requests: { cpu: '1' } };

  it('refuses what is more than all that the namespace may have', () => {
    expect(findings(workloadOf(asking), { quotas: [quotaOf({ 'requests.cpu': '2' })] })).toEqual([
      {
        severity: 'refusal',
        message: '3 pods ask for 3 CPU of requests.cpu, and the ResourceQuota team allows 2 CPU in all',
      },
    ]);
  });

  it('warns of what others have taken', () => {
    const quotas = [quotaOf({ cpu: '4' }, { cpu: '2' })];
    expect(findings(workloadOf(asking), { quotas })).toEqual([
      {
        severity: 'warning',
        message:
          '3 pods ask for 3 CPU of cpu; others use 2 CPU of the 4 CPU that the ResourceQuota team allows',
      },
    ]);
  });

  it('counts the pods that go against those that come, and warns where none goes first', () => {
    const quotas = [quotaOf({ 'requests.cpu': '3' }, { 'requests.cpu': '3' })];
    const live = { ...asking, replicas: 3 };
    expect(findings(workloadOf(asking, { live }), { quotas })).toEqual([
      {
        severity: 'warning',
        message:
          'a new pod asks for 1 CPU of requests.cpu beside the old ones, which leave 0 CPU of the 3 CPU that the ResourceQuota team allows: the rollout would stand still',
      },
    ]);
    const strategy = { type: 'Recreate' };
    expect(findings(workloadOf(asking, { live, spec: { strategy } }), { quotas })).toEqual([]);
  });

  it('refuses containers that say nothing of what is counted', () => {
    const quotas = [quotaOf({ 'limits.memory': '8Gi' })];
    expect(findings(workloadOf(asking), { quotas })).toMatchObject([
      { severity: 'refusal', message: expect.stringContaining('counts limits.memory') as string },
    ]);
    const limitRanges = [rangeOf({ default: { memory: '1Gi' } })];
    expect(findings(workloadOf(asking), { quotas, limitRanges })).toEqual([]);
  });

  it('counts pods and devices, and passes over other things and quotas with a scope', () => {
    expect(
      findings(workloadOf(asking), { quotas: [quotaOf({ pods: '2', services: '0', 'count/secrets': '0' })] }),
    ).toMatchObject([{ message: '3 pods ask for 3 of pods, and the ResourceQuota team allows 2 in all' }]);
    expect(findings(workloadOf(asking), { quotas: [quotaOf({ 'requests.nvidia.com/gpu': '0' })] })).toEqual(
      [],
    );
    const scoped = { ...quotaOf({ pods: '0' }), spec: { scopes: ['BestEffort'] } };
    expect(findings(workloadOf(asking), { quotas: [scoped] })).toEqual([]);
  });
});

describe('nodes', () => {
  const asking = { requests: { cpu: '2', memory: '1Gi' } };

  it('refuses a pod that is larger than every node, and says which amount', () => {
    const nodes = [nodeOf({ cpu: '1900m', memory: '4Gi' }), nodeOf({ cpu: '1', memory: '8Gi' })];
    expect(findings(workloadOf(asking), { nodes })).toEqual([
      {
        severity: 'refusal',
        message: 'a pod asks for 2 CPU, and the largest node that takes it offers 1.9 CPU',
      },
    ]);
  });

  it('only warns where nodes come in pools, for a larger one may come', () => {
    const nodes = [nodeOf({ cpu: '1', memory: '8Gi' }, { labels: { 'karpenter.sh/nodepool': 'a' } })];
    expect(findings(workloadOf(asking), { nodes })).toMatchObject([{ severity: 'warning' }]);
  });

  it('says that no node offers the accelerator that is asked for', () => {
    const nodes = [nodeOf({ cpu: '8' }), nodeOf({ cpu: '8', 'nvidia.com/gpu': '1' }, { taint: 'gpu' })];
    const workload = workloadOf({ limits: { 'nvidia.com/gpu': '1' } });
    expect(findings(workload, { nodes })).toEqual([
      {
        severity: 'refusal',
        message: 'a pod asks for 1 GPU, and no node that takes it offers nvidia.com/gpu',
      },
    ]);
    const tolerations = [{ key: 'gpu', operator: 'Exists' }];
    expect(
      findings(
        workloadOf({ limits: { 'nvidia.com/gpu': '1' } }, { pod: { tolerations }, spec: { replicas: 1 } }),
        { nodes },
      ),
    ).toEqual([]);
  });

  it('refuses a selector that no node meets', () => {
    const pod = { nodeSelector: { zone: 'b' } };
    expect(
      findings(workloadOf(asking, { pod }), { nodes: [nodeOf({ cpu: '8' }, { labels: { zone: 'a' } })] }),
    ).toMatchObject([{ severity: 'refusal', message: expect.stringContaining('nodeSelector') as string }]);
  });

  it('warns where fewer pods find room than come, whole pods counted node by node', () => {
    const nodes = [nodeOf({ cpu: '4', memory: '16Gi' })];
    const pods = [podOn('node', { cpu: '500m' })];
    expect(findings(workloadOf(asking), { nodes, pods })).toEqual([
      {
        severity: 'warning',
        message: '3 more pods of 2 CPU and 1 GiB are to come, and the nodes have room for 1 now',
      },
    ]);
    const live = { ...asking, replicas: 3 };
    expect(findings(workloadOf(asking, { live }), { nodes, pods })).toEqual([]);
    expect(
      findings(workloadOf(asking, { live }), { nodes, pods: [podOn('node', { cpu: '3' })] }),
    ).toMatchObject([
      {
        severity: 'warning',
        message: expect.stringMatching(/^1 more pod of .* is to come, .* room for 0 now$/) as string,
      },
    ]);
  });
});

describe('platforms', () => {
  const arm = nodeOf({}, { architecture: 'arm64' });
  const platforms = [parsePlatform('linux/amd64')];

  it('refuses an image that no node runs', () => {
    expect(findings(workloadOf({}, { spec: { replicas: 1 } }), { nodes: [arm] }, { platforms })).toEqual([
      {
        severity: 'refusal',
        message: 'the image is built for linux/amd64, and every node that takes it is linux/arm64',
      },
    ]);
  });

  it('warns where some nodes do not run it, unless the selector leaves them out', () => {
    const nodes = [arm, nodeOf({}, { labels: { 'kubernetes.io/arch': 'amd64' } })];
    expect(findings(workloadOf({}), { nodes }, { platforms })).toMatchObject([
      { severity: 'warning', message: expect.stringContaining('1 of 2 nodes') as string },
    ]);
    const pod = { nodeSelector: { 'kubernetes.io/arch': 'amd64' } };
    expect(findings(workloadOf({}, { pod }), { nodes }, { platforms })).toEqual([]);
  });
});

it('says what could not be compared, and compares the rest', () => {
  const cluster = { ...EMPTY, nodes: { unread: 'FORBIDDEN' }, quotas: [quotaOf({ pods: '1' })] };
  expect(findings(workloadOf({}), cluster)).toHaveLength(1);
  expect(skippedChecks(cluster)).toEqual([
    {
      severity: 'skipped',
      message: 'not compared with nodes, and with them sizes, accelerators and architectures: FORBIDDEN',
    },
  ]);
});

it.each([
  ['Service', { ports: [] }],
  ['CronJob', { jobTemplate: {} }],
])('has nothing to say of a %s', (kind, spec) => {
  expect(
    readFitWorkload({ apiVersion: 'v1', kind, metadata: { name: 'a' }, spec }, undefined),
  ).toBeUndefined();
});

it.each([
  ['Pod', { containers: [{ name: 'a' }] }, 1],
  ['Job', { parallelism: 4, template: { spec: { containers: [] } } }, 4],
  ['StatefulSet', { replicas: 2, template: { spec: { containers: [] } } }, 2],
  ['DaemonSet', { template: { spec: { containers: [] } } }, undefined],
])('reads the pods of a %s', (kind, spec, replicas) => {
  expect(readFitWorkload({ apiVersion: 'v1', kind, metadata: { name: 'a' }, spec }, undefined)).toMatchObject(
    {
      ref: { kind, name: 'a' },
      replicas,
      stopsFirst: true,
    },
  );
});

it.each([
  [{ maxUnavailable: '25%' }, 3, false],
  [{ maxUnavailable: '25%' }, 4, true],
  [{}, 4, true],
  [{ maxUnavailable: 1 }, 1, true],
])(
  'tells with %j of %i replicas whether an old pod goes first: %s',
  (rollingUpdate, replicas, stopsFirst) => {
    expect(workloadOf({}, { spec: { replicas, strategy: { rollingUpdate } } }).stopsFirst).toBe(stopsFirst);
  },
);
