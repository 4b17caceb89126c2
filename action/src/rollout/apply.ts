import { type Applied, type ApplyAction, FIELD_MANAGER } from '@modelpier/backstage-plugin-modelpier-common';
import type {
  Clock,
  KubernetesObject,
  ObjectApplier,
  Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';
import type { Preview } from './preview';

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

/** Applies one after the other, in the given order; what is done already is left alone. */
export async function applyObjects(
  previews: readonly Preview[],
  applier: ObjectApplier,
  options: ApplyOptions,
): Promise<readonly AppliedObject[]> {
  const applied: AppliedObject[] = [];
  for (const preview of previews) applied.push(await applyOne(preview, applier, options));
  return applied;
}

async function applyOne(
  { object: wanted, live, isChange, isDone }: Preview,
  applier: ObjectApplier,
  { clock, forceConflicts, signal }: ApplyOptions,
): Promise<AppliedObject> {
  if (isDone && live !== undefined) {
    return { object: live, action: 'unchanged', applied: appliedFacts(live, 0) };
  }
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
