import type { HealthContext } from './health-context';
import { health, worst } from './health';
import { applied, at, AVAILABLE, context, deployment } from './health.fixture';
import type { State, Status } from './status';

const custom = (conditions: Record<string, unknown>[], metadata = {}, status = {}): unknown => ({
  apiVersion: 'example.org/v1',
  kind: 'Widget',
  metadata: { name: 'mnist', uid: 'd', generation: 2, ...metadata },
  status: { conditions, ...status },
});
const plain = (apiVersion: string, kind: string, fields = {}): unknown => ({
  apiVersion,
  kind,
  metadata: { name: 'mnist' },
  ...fields,
});

type Row = [name: string, object: unknown, context: Partial<HealthContext>, state: State, reason: string];
const rows: Row[] = [
  ['G1 an object the cluster does not have', undefined, {}, 'NotFound', 'NotFound'],
  [
    'G1 an object applied 9 s ago that no watch shows yet',
    undefined,
    { applied: applied(9) },
    'InProgress',
    'NotFound',
  ],
  [
    'G1 an object applied 10 s ago that is not there',
    undefined,
    { applied: applied(10) },
    'NotFound',
    'NotFound',
  ],
  [
    'G2 an object that is being deleted',
    deployment({ metadata: { deletionTimestamp: at(1) } }),
    {},
    'Terminating',
    'Terminating',
  ],
  [
    'G2 wins over G3',
    deployment({ metadata: { uid: 'other', deletionTimestamp: at(1) } }),
    { applied: applied(1) },
    'Terminating',
    'Terminating',
  ],
  [
    'G3 an object that someone made anew',
    deployment({ metadata: { uid: 'other' } }),
    { applied: applied(1) },
    'InProgress',
    'Replaced',
  ],
  [
    'G4 a generation the controller has not observed',
    deployment({ metadata: { generation: 3 } }),
    {},
    'InProgress',
    'GenerationNotObserved',
  ],
  [
    'G4 an applied generation newer than the copy at hand',
    deployment(),
    { applied: applied(1, { generation: 3 }) },
    'InProgress',
    'GenerationNotObserved',
  ],
  [
    'G4 a Deployment without observedGeneration',
    deployment({ status: { observedGeneration: undefined } }),
    {},
    'InProgress',
    'GenerationNotObserved',
  ],
  [
    'G4 a ReplicaSet without a status',
    plain('apps/v1', 'ReplicaSet', { metadata: { name: 'm', generation: 1 }, spec: {} }),
    {},
    'InProgress',
    'GenerationNotObserved',
  ],
  [
    'G4 a disruption budget without a status',
    plain('policy/v1', 'PodDisruptionBudget', { metadata: { name: 'm', generation: 1 } }),
    {},
    'InProgress',
    'GenerationNotObserved',
  ],
  [
    'G4 a disruption budget that was observed',
    plain('policy/v1', 'PodDisruptionBudget', {
      metadata: { name: 'm', generation: 1 },
      status: { observedGeneration: 1 },
    }),
    {},
    'Current',
    'Exists',
  ],
  [
    'G4 an autoscaler of Kubernetes 1.20, which has no generation at all',
    plain('autoscaling/v1', 'HorizontalPodAutoscaler', { status: { currentReplicas: 0 } }),
    {},
    'Current',
    'Scaling',
  ],
  [
    'G4 an older observedGeneration of any other kind',
    custom([], {}, { observedGeneration: 1 }),
    {},
    'InProgress',
    'GenerationNotObserved',
  ],
  ['G4 any other kind without observedGeneration', custom([]), {}, 'Current', 'Exists'],
  [
    'G5 Stalled',
    custom([{ type: 'Stalled', status: 'True', reason: 'NoSuchModel' }]),
    {},
    'Failed',
    'NoSuchModel',
  ],
  [
    'G5 Stalled before Reconciling',
    custom([
      { type: 'Reconciling', status: 'True' },
      { type: 'Stalled', status: 'True' },
    ]),
    {},
    'Failed',
    'Stalled',
  ],
  ['G5 Reconciling', custom([{ type: 'Reconciling', status: 'True' }]), {}, 'InProgress', 'Reconciling'],
  ['G5 Stalled False', custom([{ type: 'Stalled', status: 'False' }]), {}, 'Current', 'Exists'],
  ['G7 Ready True', custom([{ type: 'Ready', status: 'True', reason: 'Serving' }]), {}, 'Current', 'Serving'],
  [
    'G7 Ready False',
    custom([{ type: 'Ready', status: 'False', reason: 'Loading' }]),
    {},
    'InProgress',
    'Loading',
  ],
  ['G7 Ready Unknown', custom([{ type: 'Ready', status: 'Unknown' }]), {}, 'InProgress', 'NotReady'],
  [
    'G7 Ready False of this very generation',
    custom([{ type: 'Ready', status: 'False', reason: 'Loading', observedGeneration: 2 }]),
    {},
    'InProgress',
    'Loading',
  ],
  [
    'G7 Ready False of an older generation',
    custom([{ type: 'Ready', status: 'False', observedGeneration: 1 }]),
    {},
    'Current',
    'Exists',
  ],
  [
    'G8 a Service',
    plain('v1', 'Service', { spec: {}, status: { loadBalancer: {} } }),
    {},
    'Current',
    'Exists',
  ],
  ['G8 a ConfigMap', plain('v1', 'ConfigMap', { data: {} }), {}, 'Current', 'Exists'],
  ['G8 a Secret', plain('v1', 'Secret'), {}, 'Current', 'Exists'],
  ['G8 a Role', plain('rbac.authorization.k8s.io/v1', 'Role', { rules: [] }), {}, 'Current', 'Exists'],
  [
    'a kind of another group that is also called Deployment',
    plain('example.org/v1', 'Deployment'),
    {},
    'Current',
    'Exists',
  ],
  [
    'an object that cannot be read',
    plain('apps/v1', 'Deployment', { spec: 7, metadata: { name: 'm' }, status: { observedGeneration: 0 } }),
    {},
    'Unknown',
    'Unreadable',
  ],
  ['a complete rollout', deployment(), { applied: applied(5) }, 'Current', 'Available'],
  [
    'a complete rollout without a deadline condition',
    deployment({ spec: { progressDeadlineSeconds: 2147483647 }, conditions: [AVAILABLE] }),
    {},
    'Current',
    'Available',
  ],
];

describe('health by the generic rules', () => {
  it.each(rows)('%s', (_name, object, over, ...[state, reason]) => {
    expect(health(object, context(over))).toMatchObject({ state, reason });
  });

  it('says what cannot be read, for people', () => {
    const { message } = health({ apiVersion: 'v1', kind: 'Pod', metadata: {} }, context());
    expect(message).toBe('Kubernetes object is not valid: metadata.name: expected a string, got nothing');
  });
});

describe('worst', () => {
  const status = (state: State, reason = ''): Status => ({ state, reason, message: '' });

  it.each<[State[], State]>([
    [['Current', 'Current'], 'Current'],
    [['Current', 'Suspended'], 'Suspended'],
    [['InProgress', 'Suspended'], 'InProgress'],
    [['InProgress', 'Unknown'], 'Unknown'],
    [['InProgress', 'Terminating'], 'Terminating'],
    [['NotFound', 'Terminating'], 'NotFound'],
    [['Current', 'Failed', 'NotFound'], 'Failed'],
  ])('of %j is %s', (states, expected) => {
    expect(worst(states.map(state => status(state))).state).toBe(expected);
  });

  it('is the first of equals, so that the object named first is the one spoken of', () => {
    expect(worst([status('Failed', 'first'), status('Failed', 'second')]).reason).toBe('first');
  });

  it('is Current where there is nothing to wait for', () => {
    expect(worst([]).state).toBe('Current');
  });
});
