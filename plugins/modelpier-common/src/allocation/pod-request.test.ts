import type { PodSpec } from '../workload/pod';
import { containerLimit, containerRequest, countedContainers, podLimit, podRequest } from './pod-request';
import { parseQuantity } from './quantity';

const nano = (text: string) => parseQuantity(text).nano;
const container = (name: string, cpu: string) => ({ name, resources: { requests: { cpu } } });
const sidecar = (name: string, cpu: string) => ({ ...container(name, cpu), restartPolicy: 'Always' });

const CASES: readonly { readonly pod: string; readonly spec: PodSpec; readonly cpu: string }[] = [
  { pod: 'without containers', spec: { containers: [] }, cpu: '0' },
  {
    pod: 'of app containers',
    spec: { containers: [container('a', '1'), container('b', '250m')] },
    cpu: '1250m',
  },
  {
    pod: 'whose init containers are small',
    spec: {
      containers: [container('a', '1')],
      initContainers: [container('i', '500m'), container('j', '900m')],
    },
    cpu: '1',
  },
  {
    pod: 'whose hungriest init container decides',
    spec: { containers: [container('a', '1')], initContainers: [container('i', '3'), container('j', '2')] },
    cpu: '3',
  },
  {
    pod: 'with a sidecar beside the app',
    spec: { containers: [container('a', '1')], initContainers: [sidecar('s', '200m')] },
    cpu: '1200m',
  },
  {
    pod: 'whose init container runs beside the sidecars before it',
    spec: {
      containers: [container('a', '1')],
      initContainers: [sidecar('s', '200m'), container('i', '2'), sidecar('t', '300m')],
    },
    cpu: '2200m',
  },
  {
    pod: 'whose init container runs before the sidecar',
    spec: { containers: [container('a', '1')], initContainers: [container('i', '2'), sidecar('s', '500m')] },
    cpu: '2',
  },
  {
    pod: 'with a sidecar that starts beside an earlier one and the app',
    spec: {
      containers: [container('a', '100m')],
      initContainers: [sidecar('s', '200m'), sidecar('t', '300m')],
    },
    cpu: '600m',
  },
  {
    pod: 'with overhead of its runtime',
    spec: { containers: [container('a', '1')], overhead: { cpu: '250m', memory: '120Mi' } },
    cpu: '1250m',
  },
  {
    pod: 'with requests of its own',
    spec: {
      containers: [container('a', '1')],
      resources: { requests: { cpu: '4' } },
      overhead: { cpu: '250m' },
    },
    cpu: '4250m',
  },
  {
    pod: 'with a limit alone, which is the request too',
    spec: { containers: [{ name: 'a', resources: { limits: { cpu: '2' } } }, container('b', '1')] },
    cpu: '3',
  },
  { pod: 'without requests', spec: { containers: [{ name: 'a' }] }, cpu: '0' },
];

it.each(CASES)('adds up the effective request of a pod $pod', ({ spec, cpu }) => {
  expect(podRequest(spec, 'cpu')).toBe(nano(cpu));
});

it('counts app containers and sidecars, not ordinary init containers', () => {
  const spec = {
    containers: [container('app', '1')],
    initContainers: [container('init', '1'), sidecar('proxy', '1')],
  };
  expect(countedContainers(spec).map(({ name }) => name)).toEqual(['app', 'proxy']);
});

it('tells a request of 0 from none', () => {
  expect(containerRequest(container('a', '0'), 'cpu')).toBe(0n);
  expect(containerRequest(container('a', '0'), 'memory')).toBeUndefined();
  expect(containerLimit(container('a', '0'), 'cpu')).toBeUndefined();
});

it('knows a limit of the pod only where every container has one', () => {
  const limited = (name: string, cpu: string) => ({ name, resources: { limits: { cpu } } });
  expect(podLimit({ containers: [limited('a', '1'), limited('b', '2')] }, 'cpu')).toBe(nano('3'));
  expect(podLimit({ containers: [limited('a', '1'), { name: 'b' }] }, 'cpu')).toBeUndefined();
  const ofPod = { containers: [{ name: 'a' }], resources: { limits: { cpu: '2' } } };
  expect(podLimit(ofPod, 'cpu')).toBe(nano('2'));
});

it('limits devices by those who ask for them', () => {
  const gpu = { name: 'a', resources: { limits: { 'nvidia.com/gpu': '1' } } };
  expect(podLimit({ containers: [gpu, { name: 'proxy' }] }, 'nvidia.com/gpu')).toBe(nano('1'));
});
