import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';

/** Share of the requested CPU at which another replica is wanted; headroom for a rollout's extra load. */
const DEFAULT_TARGET_CPU = 70;

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
  const apiVersion = newestServed(kind, ['autoscaling/v2', 'autoscaling/v1'], served);
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
    apiVersion: newestServed(kind, ['policy/v1', 'policy/v1beta1'], served),
    kind,
    metadata,
    spec: { maxUnavailable: 1, selector: { matchLabels: selector } },
  };
}

function newestServed(kind: string, known: readonly string[], served: readonly string[]): string {
  const version = known.find(candidate => served.includes(candidate));
  if (version !== undefined) return version;
  const group = known[0]?.split('/')[0] ?? '';
  const others = served.filter(candidate => candidate.startsWith(`${group}/`));
  throw new ModelpierError(
    'not-served',
    `generate ${kind}: the cluster serves ${others.length === 0 ? `nothing of ${group}` : others.join(', ')}, not ${known.join(' or ')}`,
    { hint: 'leave out scaling.maxReplicas, or bring manifests of your own' },
  );
}
