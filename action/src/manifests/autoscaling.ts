import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { newestServed } from './newest-served';

/** Share of the requested CPU at which another replica is wanted; headroom for a rollout's extra load. */
const DEFAULT_TARGET_CPU = 70;

const HINT = 'leave out scaling.maxReplicas';

interface ScalingOptions {
  readonly metadata: KubernetesObject['metadata'];
  readonly served: readonly string[];
  readonly minReplicas: number;
  readonly maxReplicas: number;
}

/** Scales the Deployment of the same name by CPU, in the newest version the cluster serves. */
export function autoscaler(
  options: ScalingOptions & { readonly targetCpu?: number | undefined },
): KubernetesObject {
  const { metadata, served, minReplicas, maxReplicas, targetCpu = DEFAULT_TARGET_CPU } = options;
  const kind = 'HorizontalPodAutoscaler';
  const apiVersion = newestServed(kind, ['autoscaling/v2', 'autoscaling/v1'], { served, hint: HINT });
  const target =
    apiVersion === 'autoscaling/v1'
      ? { targetCPUUtilizationPercentage: targetCpu }
      : {
          metrics: [
            {
              type: 'Resource',
              resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: targetCpu } },
            },
          ],
        };
  return {
    apiVersion,
    kind,
    metadata,
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: metadata.name },
      minReplicas,
      maxReplicas,
      ...target,
    },
  };
}

/** Lets a node drain take one pod of the model at a time. */
export function disruptionBudget(
  options: ScalingOptions & { readonly selector: Readonly<Record<string, string>> },
): KubernetesObject {
  const { metadata, served, selector } = options;
  const kind = 'PodDisruptionBudget';
  return {
    apiVersion: newestServed(kind, ['policy/v1', 'policy/v1beta1'], { served, hint: HINT }),
    kind,
    metadata,
    spec: { maxUnavailable: 1, selector: { matchLabels: selector } },
  };
}
