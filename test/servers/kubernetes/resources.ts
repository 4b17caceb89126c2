/** One kind that the server keeps, and how it is addressed. */
export interface Resource {
  readonly group: string;
  readonly versions: readonly string[];
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Whether `metadata.generation` counts changes of what is wanted. */
  readonly counted?: boolean;
  /** Whether a new object gets an empty `status`, as the real server prints it. */
  readonly status?: boolean;
}

/** A resource whose objects are known to be `T`. */
export type Kind<T> = Resource & { readonly sample?: T };

const core = (plural: string, kind: string, extra: Partial<Resource> = {}): Resource => ({
  group: '',
  versions: ['v1'],
  plural,
  kind,
  namespaced: true,
  ...extra,
});

const workload = (plural: string, kind: string): Resource => ({
  group: 'apps',
  versions: ['v1'],
  plural,
  kind,
  namespaced: true,
  counted: true,
  status: true,
});

const other = (group: string, plural: string, kind: string, extra: Partial<Resource> = {}): Resource => ({
  group,
  versions: ['v1'],
  plural,
  kind,
  namespaced: true,
  ...extra,
});

export const RESOURCES: readonly Resource[] = [
  core('configmaps', 'ConfigMap'),
  core('endpoints', 'Endpoints'),
  core('events', 'Event'),
  core('limitranges', 'LimitRange'),
  core('namespaces', 'Namespace', { namespaced: false }),
  core('nodes', 'Node', { namespaced: false }),
  core('persistentvolumeclaims', 'PersistentVolumeClaim'),
  core('pods', 'Pod', { status: true }),
  core('resourcequotas', 'ResourceQuota', { status: true }),
  core('secrets', 'Secret'),
  core('serviceaccounts', 'ServiceAccount'),
  core('services', 'Service'),
  workload('deployments', 'Deployment'),
  workload('replicasets', 'ReplicaSet'),
  other('autoscaling', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', { versions: ['v1', 'v2'] }),
  other('policy', 'poddisruptionbudgets', 'PodDisruptionBudget', { counted: true, status: true }),
  other('coordination.k8s.io', 'leases', 'Lease'),
  other('networking.k8s.io', 'ingresses', 'Ingress', { counted: true }),
  other('networking.k8s.io', 'networkpolicies', 'NetworkPolicy', { counted: true }),
];

export const groupVersionOf = (group: string, version: string): string =>
  group === '' ? version : `${group}/${version}`;

export const resourceOf = (group: string, plural: string): Resource | undefined =>
  RESOURCES.find(resource => resource.group === group && resource.plural === plural);

export const resourceOfKind = (apiVersion: string, kind: string): Resource | undefined =>
  RESOURCES.find(
    resource =>
      resource.kind === kind &&
      resource.versions.some(version => groupVersionOf(resource.group, version) === apiVersion),
  );

/** `deployments.apps`, as messages and RBAC name it. */
export const qualified = ({ group, plural }: Pick<Resource, 'group' | 'plural'>): string =>
  group === '' ? plural : `${plural}.${group}`;
