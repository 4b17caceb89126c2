import { hasCode, object, optional, parseWith, text } from '@modelpier/backstage-plugin-modelpier-common';
import {
  type Discovery,
  groupOf,
  type KubernetesObject,
  type ObjectReader,
  type Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';

/** Kinds that set the replicas of another object, newest version first. */
const SCALERS: readonly { readonly kind: string; readonly apiVersions: readonly string[] }[] = [
  {
    kind: 'HorizontalPodAutoscaler',
    apiVersions: ['autoscaling/v2', 'autoscaling/v2beta2', 'autoscaling/v1'],
  },
  { kind: 'ScaledObject', apiVersions: ['keda.sh/v1alpha1'] },
];

/** KEDA leaves out what is a Deployment. */
const target = object({ apiVersion: optional(text), kind: optional(text), name: text });
const scaler = object({ spec: object({ scaleTargetRef: target }) });

type ScalerCluster = Discovery & ObjectReader;

/** Whether an autoscaler sets the replicas of an object. */
export type IsAutoscaled = (object: KubernetesObject) => boolean;

/**
 * Finds the autoscalers among the objects and in the cluster. Where they may not be listed, those of the cluster are
 * not known; replicas that one has set are its own then, and show as a conflict.
 */
export async function findAutoscaled(
  objects: readonly KubernetesObject[],
  cluster: ScalerCluster,
  waiting: Waiting,
): Promise<IsAutoscaled> {
  const targets = new Set(objects.filter(isScaler).map(targetOf));
  const namespaces = new Set(objects.filter(hasReplicas).flatMap(({ metadata }) => metadata.namespace ?? []));
  for (const namespace of namespaces) {
    for (const each of SCALERS) {
      for (const found of await listScalers(each, namespace, { cluster, ...waiting })) {
        targets.add(targetOf(found));
      }
    }
  }
  return candidate => targets.has(keyOf(candidate));
}

/** An object that an autoscaler could scale, and for which we would say how often it runs. */
const hasReplicas = ({ spec }: KubernetesObject): boolean =>
  typeof spec === 'object' && spec !== null && 'replicas' in spec;

const isScaler = ({ apiVersion, kind }: KubernetesObject): boolean =>
  SCALERS.some(
    each => each.kind === kind && each.apiVersions.some(known => groupOf(known) === groupOf(apiVersion)),
  );

async function listScalers(
  { kind, apiVersions }: (typeof SCALERS)[number],
  namespace: string,
  { cluster, signal }: Waiting & { readonly cluster: ScalerCluster },
): Promise<readonly KubernetesObject[]> {
  for (const apiVersion of apiVersions) {
    if ((await cluster.servedKind(apiVersion, kind, { signal })) === undefined) continue;
    const found: KubernetesObject[] = [];
    try {
      for await (const each of cluster.listObjects({ apiVersion, kind, namespace }, { signal }))
        found.push(each);
    } catch (error) {
      if (!hasCode(error, 'forbidden')) throw error;
    }
    return found;
  }
  return [];
}

function targetOf(each: KubernetesObject): string {
  const {
    apiVersion = 'apps/v1',
    kind = 'Deployment',
    name,
  } = parseWith(scaler, each, `${each.kind}/${each.metadata.name}`).spec.scaleTargetRef;
  return keyOf({ apiVersion, kind, metadata: { ...each.metadata, name } });
}

/** A target may be named in another version of its group. */
const keyOf = ({
  apiVersion,
  kind,
  metadata,
}: Pick<KubernetesObject, 'apiVersion' | 'kind' | 'metadata'>): string =>
  [groupOf(apiVersion), kind, metadata.namespace ?? '', metadata.name].join(' ');
