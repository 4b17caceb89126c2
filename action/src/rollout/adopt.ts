import { FIELD_MANAGER, hasCode } from '@modelpier/backstage-plugin-modelpier-common';
import type {
  KubernetesObject,
  ObjectPatcher,
  ObjectReader,
  Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';
import { adoptedFields, isToAdopt } from './managed-fields';
import { refOf } from './object-ref';

/** A controller may write the status between our read and our write; not so often. */
const TRIES = 5;

/**
 * Makes ours what `kubectl apply` holds of an object, once: else fields that the manifests leave out would stay
 * forever, and fields that they change would conflict with a manager that nobody uses any more.
 */
export async function adoptFields(
  object: KubernetesObject,
  cluster: Pick<ObjectReader, 'getObject'> & ObjectPatcher,
  { signal }: Waiting,
): Promise<void> {
  const ref = refOf(object);
  for (let tried = 1; ; tried++) {
    const live = await cluster.getObject(ref, { signal });
    if (live === undefined || !isToAdopt(live)) return;
    const { resourceVersion } = live.metadata;
    const patch = { metadata: { resourceVersion, managedFields: adoptedFields(live) } };
    try {
      await cluster.patchObject(ref, patch, { fieldManager: FIELD_MANAGER, signal });
      return;
    } catch (error) {
      if (!hasCode(error, 'conflict') || tried === TRIES) throw error;
    }
  }
}
