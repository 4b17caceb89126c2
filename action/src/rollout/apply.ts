import {
  type Applied,
  type ApplyAction,
  FIELD_MANAGER,
  ModelpierError,
} from '@modelpier/backstage-plugin-modelpier-common';
import type {
  Clock,
  Discovery,
  KubernetesObject,
  ObjectApplier,
  ObjectPatcher,
  ObjectReader,
  Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';
import { adoptFields } from './adopt';
import { awaitGroundwork, isGroundwork } from './groundwork';
import { HalfAppliedError } from './half-applied';
import type { Preview } from './preview';
import { handOverReplicas } from './replicas';

/** An object as the cluster has it now. */
export interface AppliedObject {
  readonly object: KubernetesObject;
  readonly action: ApplyAction;
  readonly applied: Applied;
}

export interface ApplyOptions extends Waiting {
  readonly clock: Clock;
  readonly forceConflicts: boolean;
}

type ApplyCluster = Discovery & ObjectReader & ObjectApplier & ObjectPatcher;

/**
 * Applies one after the other, in the given order; what is done already is left alone. Definitions and namespaces
 * are waited for before anything that may stand on them. Throws `HalfAppliedError`
 * where the cluster takes an object no more that it took in the preview.
 */
export async function applyObjects(
  previews: readonly Preview[],
  cluster: ApplyCluster,
  options: ApplyOptions,
): Promise<readonly AppliedObject[]> {
  const applied: AppliedObject[] = [];
  let open: KubernetesObject[] = [];
  for (const preview of previews) {
    try {
      if (!isGroundwork(preview.object)) {
        await awaitGroundwork(open, { cluster, ...options });
        open = [];
      }
      const done = await applyOne(preview, cluster, options);
      applied.push(done);
      if (isGroundwork(done.object)) open.push(done.object);
    } catch (error) {
      throw error instanceof ModelpierError ? new HalfAppliedError(error, applied) : error;
    }
  }
  return applied;
}

async function applyOne(
  { object: wanted, live, handsOver, isAdopted, isChange, isDone }: Preview,
  applier: ApplyCluster,
  { clock, forceConflicts, signal }: ApplyOptions,
): Promise<AppliedObject> {
  if (isDone && live !== undefined) {
    return { object: live, action: 'unchanged', applied: appliedFacts(live, 0) };
  }
  // In this order: while another manager holds the replicas too, ours can go.
  if (handsOver !== undefined) await handOverReplicas(wanted, handsOver, { applier, signal });
  if (isAdopted) await adoptFields(wanted, applier, { signal });
  const { object, action } = await applier.applyObject(wanted, {
    fieldManager: FIELD_MANAGER,
    force: forceConflicts,
    signal,
  });
  // Where only annotations changed, an old verdict of the cluster is still its verdict on this very release.
  return { object, action, applied: appliedFacts(object, isChange ? clock.now() : 0) };
}

const appliedFacts = ({ metadata }: KubernetesObject, at: number): Applied => ({
  uid: metadata.uid ?? '',
  generation: metadata.generation ?? 0,
  at,
});
