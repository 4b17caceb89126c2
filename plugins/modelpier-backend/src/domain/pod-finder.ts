import type { ModelPod, ObjectRef, Pod } from '@modelpier/backstage-plugin-modelpier-common';
import type { SeenWorkload } from './cluster-snapshot';

/** Finds the pods of a workload among those of its cluster. */
export function podFinder(pods: readonly Pod[]): (seen: SeenWorkload) => readonly ModelPod[] {
  const byName = new Map(pods.map(pod => [podName(pod), pod]));
  return ({ podNames, stored: { deployment } }) => {
    const workload: ObjectRef = deployment.workload;
    return [...podNames].flatMap(name => {
      const pod = byName.get(`${deployment.namespace}/${name}`);
      return pod === undefined ? [] : [{ workload, pod }];
    });
  };
}

/** Of a pod, or of what is told of it under its name. */
export const podName = ({
  metadata,
}: {
  metadata: { name: string; namespace?: string | undefined };
}): string => `${metadata.namespace ?? ''}/${metadata.name}`;
