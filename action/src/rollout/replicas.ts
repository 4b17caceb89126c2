import { hasCode } from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject, ObjectApplier, Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import { isOursAlone } from './managed-fields';

/** As in Kubernetes' documentation: who holds the field until the autoscaler sets it for the first time. */
const HANDOVER_MANAGER = 'handover-to-hpa';

type Spec = Readonly<Record<string, unknown>>;
const specOf = ({ spec }: KubernetesObject): Spec =>
  typeof spec === 'object' && spec !== null ? (spec as Spec) : {};

/** The object without a word on its replicas. */
export const withoutReplicas = (object: KubernetesObject): KubernetesObject => ({
  ...object,
  spec: Object.fromEntries(Object.entries(specOf(object)).filter(([field]) => field !== 'replicas')),
});

export const withReplicas = (object: KubernetesObject, replicas: number): KubernetesObject => ({
  ...object,
  spec: { ...specOf(object), replicas },
});

/** Replicas that would fall back to 1 if an apply just left out the field, which is ours alone until now. */
export function replicasToHandOver(live: KubernetesObject): number | undefined {
  const { replicas } = specOf(live);
  return typeof replicas === 'number' && isOursAlone(live, ['spec', 'replicas']) ? replicas : undefined;
}

/**
 * Gives the field to another manager, so that leaving it out does not remove it
 * (https://kubernetes.io/docs/reference/using-api/server-side-apply/#transferring-ownership).
 */
export async function handOverReplicas(
  { apiVersion, kind, metadata: { name, namespace } }: KubernetesObject,
  replicas: number,
  { applier, signal }: Waiting & { readonly applier: ObjectApplier },
): Promise<void> {
  const field = { apiVersion, kind, metadata: { name, namespace }, spec: { replicas } };
  try {
    await applier.applyObject(field, { fieldManager: HANDOVER_MANAGER, signal });
  } catch (error) {
    // The autoscaler was faster and holds the field already.
    if (!hasCode(error, 'conflict')) throw error;
  }
}
