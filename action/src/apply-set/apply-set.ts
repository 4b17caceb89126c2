import {
  FIELD_MANAGER,
  formatObjectRef,
  ModelpierError,
  type ObjectRef,
  type ReportedObject,
} from '@modelpier/backstage-plugin-modelpier-common';
import {
  type Discovery,
  type KubernetesObject,
  type ObjectApplier,
  type ObjectDeleter,
  type ObjectReader,
  refOf,
  type Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';
import { type Leftover, leftoversOf, listMembers } from './members';
import {
  applySetId,
  asMember,
  parentObject,
  parentRef,
  type Reach,
  reachOf,
  readReach,
  widened,
} from './parent';

type SetCluster = Discovery & ObjectReader & ObjectApplier & ObjectDeleter;

/** A model's objects in one namespace, as a set that knows which of them a release leaves behind (KEP 3659). */
export interface ApplySet {
  readonly ref: ObjectRef;
  /** The release's objects, each marked as a member. */
  readonly objects: readonly KubernetesObject[];
  readonly before: Reach | undefined;
  readonly leftovers: readonly Leftover[];
}

/** Reads the set and finds what the release would leave behind; changes nothing. */
export async function planApplySet(
  objects: readonly KubernetesObject[],
  { cluster, model, namespace, signal }: Waiting & { cluster: SetCluster; model: string; namespace: string },
): Promise<ApplySet> {
  const ref = parentRef(model, namespace);
  const id = applySetId(ref);
  const before = await readReach(cluster, ref, { signal });
  const members = before === undefined ? [] : await listMembers(before, { cluster, id, namespace, signal });
  return {
    ref,
    objects: objects.map(object => asMember(object, id)),
    before,
    leftovers: leftoversOf(members, objects),
  };
}

/** Before the first member is applied: a set that is cut off in the middle must still reach all of them. */
export const widenApplySet = (
  { ref, objects, before = { kinds: [], namespaces: [] } }: ApplySet,
  options: Waiting & { readonly cluster: SetCluster },
): Promise<void> => applyParent(ref, widened(before, reachOf(objects, ref)), options);

interface PruneOptions extends Waiting {
  readonly cluster: SetCluster;
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/**
 * Deletes what the release has no more, and then lets the set reach no further than what is left. Only after a healthy
 * verdict; a deletion that fails is a warning, for the release serves, and the next one tries again.
 */
export async function pruneApplySet(
  { ref, objects, leftovers }: ApplySet,
  options: PruneOptions,
): Promise<readonly ReportedObject[]> {
  const left: KubernetesObject[] = [...objects];
  const pruned: ReportedObject[] = [];
  const { cluster, onWarning, signal } = options;
  for (const { object, kept } of leftovers) {
    const { uid } = object.metadata;
    const reason = kept ?? (await failureOf(cluster.deleteObject(refOf(object), { uid, signal })));
    if (reason === undefined) pruned.push(reported(object));
    else {
      left.push(object);
      onWarning?.(`prune: ${formatObjectRef(refOf(object))} is in no manifest any more and stays: ${reason}`);
    }
  }
  const failure = await failureOf(applyParent(ref, reachOf(left, ref), options));
  if (failure !== undefined)
    onWarning?.(`prune: ${formatObjectRef(ref)} names more kinds than it has: ${failure}`);
  return pruned;
}

/** Why something could not be done; nothing where it was. A run that is stopped goes no further. */
async function failureOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (!(error instanceof ModelpierError) || error.code === 'cancelled') throw error;
    return [error.message, error.hint].filter(part => part !== undefined).join('; ');
  }
}

async function applyParent(
  ref: ObjectRef,
  reach: Reach,
  { cluster, signal }: Waiting & { readonly cluster: SetCluster },
): Promise<void> {
  // Nobody else has a say in it: `readReach` has refused what is not ours.
  await cluster.applyObject(parentObject(ref, reach), { fieldManager: FIELD_MANAGER, force: true, signal });
}

const reported = (object: KubernetesObject): ReportedObject => ({
  ref: refOf(object),
  action: 'pruned',
  status: { state: 'Terminating', reason: 'Pruned', message: 'deleted, for the manifests have it no more' },
});
