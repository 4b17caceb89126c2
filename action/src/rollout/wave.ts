import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';

/** What later waves need comes in earlier ones; a kind not named here comes with the workloads. */
const WAVES: readonly (readonly string[])[] = [
  ['CustomResourceDefinition'],
  ['Namespace'],
  ['ServiceAccount', 'Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'],
  ['ConfigMap', 'Secret', 'PersistentVolume', 'PersistentVolumeClaim', 'LimitRange', 'ResourceQuota'],
  ['Service'],
  ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Pod', 'CronJob'],
  ['HorizontalPodAutoscaler', 'PodDisruptionBudget', 'NetworkPolicy', 'Ingress'],
  ['Job'],
];
const WORKLOADS = 5;

const waveOf = ({ kind }: KubernetesObject): number => {
  const found = WAVES.findIndex(kinds => kinds.includes(kind));
  return found === -1 ? WORKLOADS : found;
};

/** The objects in the order of the waves; within a wave as they were given. */
export const inWaves = (objects: readonly KubernetesObject[]): readonly KubernetesObject[] =>
  [...objects].sort((a, b) => waveOf(a) - waveOf(b));
