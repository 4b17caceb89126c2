import { isAccelerator, isExtended } from './amount';
import { nodePools, poolOf } from './node-pool';

const node = (labels: Record<string, string>, allocatable: Record<string, string> = { cpu: '4' }) => ({
  metadata: { name: 'n', labels },
  status: { allocatable },
});
const gpuNode = node({}, { cpu: '4', 'nvidia.com/gpu': '1' });

it.each([
  ['karpenter.sh/nodepool', 'spot'],
  ['cloud.google.com/gke-nodepool', 'pool-1'],
  ['eks.amazonaws.com/nodegroup', 'workers'],
  ['alpha.eksctl.io/nodegroup-name', 'ng-1'],
  ['kubernetes.azure.com/agentpool', 'system'],
  ['agentpool', 'system'],
  ['doks.digitalocean.com/node-pool', 'big'],
  ['k8s.scaleway.com/pool-name', 'default'],
  ['lke.linode.com/pool-id', '1234'],
  ['ibm-cloud.kubernetes.io/worker-pool-name', 'default'],
  ['alibabacloud.com/nodepool-id', 'np1'],
  ['kops.k8s.io/instancegroup', 'nodes'],
])('names the pool by the label %s', (label, pool) => {
  expect(poolOf(node({ 'kubernetes.io/os': 'linux', [label]: pool }))).toBe(pool);
});

it('names the pool of an unlabelled node by its accelerator', () => {
  expect(poolOf(gpuNode)).toBe('nvidia.com/gpu');
  expect(poolOf(node({}, { 'nvidia.com/gpu': '0' }))).toBe('cpu');
  expect(poolOf({ metadata: { name: 'bare' } })).toBe('cpu');
});

it('computes alike nodes together and unlike nodes apart', () => {
  expect(nodePools([])).toEqual([null]);
  expect(nodePools([node({}), node({})])).toEqual([null]);
  expect(nodePools([gpuNode, node({}), gpuNode])).toEqual(['cpu', 'nvidia.com/gpu']);
  expect(nodePools([node({ agentpool: 'b' }), node({ agentpool: 'a' })])).toEqual(['a', 'b']);
  expect(nodePools([node({ agentpool: 'only' })])).toEqual(['only']);
});

it.each([
  ['cpu', false, false],
  ['memory', false, false],
  ['hugepages-2Mi', false, false],
  ['nvidia.com/gpu', true, true],
  ['nvidia.com/mig-1g.5gb', true, true],
  ['amd.com/gpu', true, true],
  ['gpu.intel.com/i915', true, true],
  ['google.com/tpu', true, true],
  ['aws.amazon.com/neuroncore', true, true],
  ['habana.ai/gaudi', true, true],
  ['huawei.com/npu', true, true],
  ['vpc.amazonaws.com/pod-eni', true, false],
])('tells of %s whether it is extended and an accelerator', (resource, extended, accelerator) => {
  expect([isExtended(resource), isAccelerator(resource)]).toEqual([extended, accelerator]);
});
