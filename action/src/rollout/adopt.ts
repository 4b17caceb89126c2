import { FIELD_MANAGER } from '@modelpier/backstage-plugin-modelpier-common';
import type {
  KubernetesObject,
  ObjectPatcher,
  ObjectReader,
  Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';
import { adoptedFields, isToAdopt } from './managed-fields';
import { refOf } from './object-ref';

/**
 * Makes ours what `kubectl apply` holds of an object, once: else fields that the manifests leave out would stay
 * forever, and fields that they change would conflict with a manager that nobody uses any more.
 */
export async function adoptFields(
  object: KubernetesObject,
  cluster: ObjectReader & ObjectPatcher,
  { signal }: Waiting,
): Promise<void> {
  const ref = refOf(object);
  const live = await cluster.getObject(ref, { signal });
  if (live === undefined || !isToAdopt(live)) return;
  const { resourceVersion } = live.metadata;
  const patch = { metadata: { resourceVersion, managedFields: adoptedFields(live) } };
  await cluster.patchObject(ref, patch, { fieldManager: FIELD_MANAGER, signal });
}
