import {
  formatObjectRef,
  hasCode,
  type ObjectRef,
  parsePod,
  type Pod,
  stuckPods,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import type { AppliedObject } from './apply';
import type { DeployOptions } from './deploy-options';
import { refOf } from './object-ref';
import { podsOf } from './selections';

const LOOK_EVERY_MS = 500;
/** A controller that has not seen a change by then is not running; the wait for health tells more. */
const SEEN_WITHIN_MS = 10_000;

type FreeOptions = Pick<DeployOptions, 'cluster' | 'clock' | 'onNote' | 'onWarning' | 'signal'>;

/** Deletes the pods that a StatefulSet would wait for until somebody does, so that it goes back to its old revision. */
export async function freeStuckPods(applied: readonly AppliedObject[], options: FreeOptions): Promise<void> {
  for (const { object } of applied) {
    if (object.kind !== 'StatefulSet' || !object.apiVersion.startsWith('apps/')) continue;
    for (const { metadata } of await findStuck(object, options)) await deletePod(metadata, options);
  }
}

async function findStuck(
  object: KubernetesObject,
  { cluster, clock, signal }: FreeOptions,
): Promise<readonly Pod[]> {
  const until = clock.now() + SEEN_WITHIN_MS;
  for (;;) {
    const live = await cluster.getObject(refOf(object), { signal });
    if (live === undefined) return [];
    const pods: Pod[] = [];
    for await (const pod of cluster.listObjects(podsOf(live), { signal })) pods.push(parsePod(pod));
    const stuck = stuckPods(live, pods);
    if (stuck !== undefined) return stuck;
    if (clock.now() >= until) return [];
    await clock.sleep(LOOK_EVERY_MS, signal);
  }
}

async function deletePod(
  { namespace, name, uid }: Pod['metadata'],
  { cluster, onNote, onWarning, signal }: FreeOptions,
): Promise<void> {
  const ref: ObjectRef = { apiVersion: 'v1', kind: 'Pod', namespace, name };
  try {
    // Its successor has the same name.
    await cluster.deleteObject(ref, { uid, signal });
    onNote?.(`deleted ${formatObjectRef(ref)}, which its StatefulSet would wait for before it goes back`);
  } catch (error) {
    if (hasCode(error, 'conflict')) return;
    if (!hasCode(error, 'forbidden')) throw error;
    onWarning?.(
      `${formatObjectRef(ref)} is not ready, and its StatefulSet goes back only once it is gone: ` +
        `kubectl delete pod ${ref.name} --namespace ${ref.namespace ?? 'default'}; ${error.hint ?? error.message}`,
    );
  }
}
