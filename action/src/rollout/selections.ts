import type { KubernetesObject, Selection } from '@modelpier/backstage-plugin-modelpier-node';

export const isDeployment = ({ apiVersion, kind }: KubernetesObject): boolean =>
  kind === 'Deployment' && apiVersion.startsWith('apps/');

/** What has to be watched to judge these Deployments: each of them, its ReplicaSets and its pods. */
export function selectionsOf(deployments: readonly KubernetesObject[]): readonly Selection[] {
  return deployments.flatMap(object => {
    const { namespace, name } = object.metadata;
    const labelSelector = labelSelectorOf(object);
    return [
      {
        apiVersion: object.apiVersion,
        kind: 'Deployment',
        namespace,
        fieldSelector: `metadata.name=${name}`,
      },
      replicaSetsOf(object),
      { apiVersion: 'v1', kind: 'Pod', namespace, labelSelector },
    ];
  });
}

/** The ReplicaSets of a Deployment, by its selector; those of others that match are told apart by their owner. */
export const replicaSetsOf = (deployment: KubernetesObject): Selection => ({
  apiVersion: deployment.apiVersion,
  kind: 'ReplicaSet',
  namespace: deployment.metadata.namespace,
  labelSelector: labelSelectorOf(deployment),
});

/** Warnings on pods: volumes that cannot be mounted appear nowhere else. */
export function warningSelections(deployments: readonly KubernetesObject[]): readonly Selection[] {
  const namespaces = new Set(deployments.map(({ metadata }) => metadata.namespace));
  return [...namespaces].map(namespace => ({
    apiVersion: 'v1',
    kind: 'Event',
    namespace,
    fieldSelector: 'type=Warning,involvedObject.kind=Pod',
  }));
}

function labelSelectorOf(object: KubernetesObject): string | undefined {
  const spec = object['spec'] as
    { selector?: { matchLabels?: Readonly<Record<string, string>> } } | undefined;
  const labels = Object.entries(spec?.selector?.matchLabels ?? {});
  return labels.length === 0 ? undefined : labels.map(([key, value]) => `${key}=${value}`).join(',');
}
