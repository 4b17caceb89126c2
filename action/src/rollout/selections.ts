import type { KubernetesObject, Selection } from '@modelpier/backstage-plugin-modelpier-node';
import { NODE_REASONS } from './notice';

/** Kinds that make pods of their own: what becomes of them is seen in those. */
const WORKLOADS = [
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'apps/ReplicaSet',
  'batch/Job',
  'argoproj.io/Rollout',
  '/Pod',
];
/** Their pods belong to ReplicaSets. */
const THROUGH_SETS = ['apps/Deployment', 'argoproj.io/Rollout'];

const nameOf = ({ apiVersion, kind }: KubernetesObject): string =>
  `${apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : ''}/${kind}`;

export const isDeployment = (object: KubernetesObject): boolean => nameOf(object) === 'apps/Deployment';

export const isWorkload = (object: KubernetesObject): boolean => WORKLOADS.includes(nameOf(object));

/** What has to be watched to judge these workloads: each of them, its ReplicaSets and its pods. */
export function selectionsOf(workloads: readonly KubernetesObject[]): readonly Selection[] {
  return unique(
    workloads.flatMap(object => [
      itself(object),
      ...(THROUGH_SETS.includes(nameOf(object)) ? [replicaSetsOf(object)] : []),
      ...(nameOf(object) === '/Pod' ? [] : [podsOf(object)]),
    ]),
  );
}

const itself = ({ apiVersion, kind, metadata: { namespace, name } }: KubernetesObject): Selection => ({
  apiVersion,
  kind,
  namespace,
  fieldSelector: `metadata.name=${name}`,
});

/** The pods of a workload, by its selector. */
export const podsOf = (object: KubernetesObject): Selection => ({
  apiVersion: 'v1',
  kind: 'Pod',
  namespace: object.metadata.namespace,
  labelSelector: labelSelectorOf(object),
});

/** The ReplicaSets of a Deployment, by its selector; those of others that match are told apart by their owner. */
export const replicaSetsOf = (deployment: KubernetesObject): Selection => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  namespace: deployment.metadata.namespace,
  labelSelector: labelSelectorOf(deployment),
});

/** What makes a verdict surer or sooner, and is done without where the cluster does not let it be read. */
export function helpfulSelections(objects: readonly KubernetesObject[]): readonly Selection[] {
  return unique([
    ...objects.filter(isWorkload).flatMap(noticesOnPods),
    ...objects.filter(object => nameOf(object) === 'apps/DaemonSet').map(revisionsOf),
    ...objects.filter(object => nameOf(object) === '/Service').flatMap(slicesOf),
    ...objects.filter(object => nameOf(object) === '/PersistentVolumeClaim').flatMap(ofClaim),
  ]);
}

/** Volumes that cannot be mounted, and nodes that are on their way, appear nowhere else. */
const noticesOnPods = ({ metadata: { namespace } }: KubernetesObject): Selection[] =>
  ['type=Warning', ...NODE_REASONS.map(reason => `reason=${reason}`)].map(field => ({
    apiVersion: 'v1',
    kind: 'Event',
    namespace,
    fieldSelector: `${field},involvedObject.kind=Pod`,
  }));

const revisionsOf = (object: KubernetesObject): Selection => ({
  apiVersion: 'apps/v1',
  kind: 'ControllerRevision',
  namespace: object.metadata.namespace,
  labelSelector: labelSelectorOf(object),
});

/** In the version of now and in that of clusters before 1.21. */
const slicesOf = ({ metadata: { namespace, name } }: KubernetesObject): Selection[] =>
  ['discovery.k8s.io/v1', 'discovery.k8s.io/v1beta1'].map(apiVersion => ({
    apiVersion,
    kind: 'EndpointSlice',
    namespace,
    labelSelector: `kubernetes.io/service-name=${name}`,
  }));

/** Whether a claim waits for its pod: its class says so, and an event does. */
const ofClaim = (claim: KubernetesObject): Selection[] => [
  { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' },
  {
    apiVersion: 'v1',
    kind: 'Event',
    namespace: claim.metadata.namespace,
    fieldSelector: `involvedObject.kind=PersistentVolumeClaim,involvedObject.name=${claim.metadata.name}`,
  },
];

const unique = (selections: readonly Selection[]): readonly Selection[] => [
  ...new Map(selections.map(selection => [JSON.stringify(selection), selection])).values(),
];

interface Expression {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

function labelSelectorOf(object: KubernetesObject): string | undefined {
  const spec = object['spec'] as
    | {
        selector?: {
          matchLabels?: Readonly<Record<string, string>>;
          matchExpressions?: readonly Expression[];
        };
      }
    | undefined;
  const { matchLabels = {}, matchExpressions = [] } = spec?.selector ?? {};
  const terms = [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.flatMap(expression => term(expression) ?? []),
  ];
  return terms.length === 0 ? undefined : terms.join(',');
}

/** Without one that is not known the selection is wider, and owners tell whose pods are whose. */
function term({ key, operator, values = [] }: Expression): string | undefined {
  switch (operator) {
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
    case 'In':
      return `${key} in (${values.join(',')})`;
    case 'NotIn':
      return `${key} notin (${values.join(',')})`;
    default:
      return undefined;
  }
}
