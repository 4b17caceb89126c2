import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { helpfulSelections, isWorkload, selectionsOf } from './selections';

const object = (apiVersion: string, kind: string, spec: object = {}): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name: 'mnist', namespace: 'apps' },
  spec,
});
const selector = { matchLabels: { app: 'mnist' } };
const watched = (...objects: KubernetesObject[]): string[] =>
  selectionsOf(objects).map(
    ({ kind, labelSelector, fieldSelector }) => `${kind} ${labelSelector ?? fieldSelector ?? ''}`,
  );

it.each([
  [
    'a Deployment',
    object('apps/v1', 'Deployment', { selector }),
    ['Deployment metadata.name=mnist', 'ReplicaSet app=mnist', 'Pod app=mnist'],
  ],
  [
    'an Argo Rollout',
    object('argoproj.io/v1alpha1', 'Rollout', { selector }),
    ['Rollout metadata.name=mnist', 'ReplicaSet app=mnist', 'Pod app=mnist'],
  ],
  [
    'a StatefulSet',
    object('apps/v1', 'StatefulSet', { selector }),
    ['StatefulSet metadata.name=mnist', 'Pod app=mnist'],
  ],
  [
    'a Job',
    object('batch/v1', 'Job', { selector: { matchLabels: { 'controller-uid': 'u' } } }),
    ['Job metadata.name=mnist', 'Pod controller-uid=u'],
  ],
  ['a Pod', object('v1', 'Pod'), ['Pod metadata.name=mnist']],
])('watches what belongs to %s', (_name, workload, selections) => {
  expect(isWorkload(workload)).toBe(true);
  expect(watched(workload)).toEqual(selections);
});

it('writes every expression that Kubernetes knows, and is wider where it knows none', () => {
  const matchExpressions = [
    { key: 'tier', operator: 'In', values: ['web', 'api'] },
    { key: 'stage', operator: 'NotIn', values: ['old'] },
    { key: 'app', operator: 'Exists' },
    { key: 'canary', operator: 'DoesNotExist' },
    { key: 'size', operator: 'Gt', values: ['1'] },
  ];
  const [, pods] = selectionsOf([object('apps/v1', 'DaemonSet', { selector: { matchExpressions } })]);
  expect(pods?.labelSelector).toBe('tier in (web,api),stage notin (old),app,!canary');
});

it('watches the same pods once, whoever shares them', () => {
  expect(
    watched(object('apps/v1', 'StatefulSet', { selector }), object('apps/v1', 'DaemonSet', { selector })),
  ).toEqual(['StatefulSet metadata.name=mnist', 'Pod app=mnist', 'DaemonSet metadata.name=mnist']);
});

it('takes a kind of another group for no workload', () => {
  expect(isWorkload(object('example.org/v1', 'Deployment'))).toBe(false);
});

it.each([
  ['a Deployment', object('apps/v1', 'Deployment', { selector }), ['Event', 'Event', 'Event']],
  [
    'a DaemonSet',
    object('apps/v1', 'DaemonSet', { selector }),
    ['Event', 'Event', 'Event', 'ControllerRevision'],
  ],
  ['a Service', object('v1', 'Service', { selector: { app: 'mnist' } }), ['EndpointSlice', 'EndpointSlice']],
  ['a claim', object('v1', 'PersistentVolumeClaim'), ['StorageClass', 'Event']],
  ['a ConfigMap', object('v1', 'ConfigMap'), []],
])('knows what helps to judge %s', (_name, given, kinds) => {
  expect(helpfulSelections([given]).map(({ kind }) => kind)).toEqual(kinds);
});
