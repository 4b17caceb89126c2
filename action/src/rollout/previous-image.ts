import {
  hasCode,
  newestReplicaSet,
  parseDeployment,
  parseReplicaSet,
  type Reference,
  type ReplicaSet,
  templateContainers,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject, ObjectReader, Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import type { Preview } from './preview';
import { isDeployment, isWorkload, replicaSetsOf } from './selections';
import { runsImage } from './tracked';

/**
 * What serves before the apply, in the container that is to run the image: the image of the newest revision that
 * has ready pods, which is not what a Deployment asks for where the release before this one failed. Of other kinds
 * no more is known than what they ask for.
 */
export async function readPreviousImage(
  previews: readonly Preview[],
  { image, reader, signal }: Waiting & { readonly image: Reference; readonly reader: ObjectReader },
): Promise<string | undefined> {
  for (const { object, live } of previews) {
    if (live === undefined || !isWorkload(live) || !runsImage(object, image)) continue;
    const serving = isDeployment(live) ? await readServing(live, reader, { signal }) : live;
    const pinned = templateContainers(object).find(each => each.image?.endsWith(`@${image.digest ?? ''}`));
    const previous = templateContainers(serving).find(({ name }) => name === pinned?.name)?.image;
    if (previous !== undefined) return previous;
  }
  return undefined;
}

/** Nothing where the ReplicaSets may not be read, as in a plan with the least rights: it is told, not acted on. */
async function readServing(
  live: KubernetesObject,
  reader: ObjectReader,
  waiting: Waiting,
): Promise<KubernetesObject | undefined> {
  try {
    return await findServing(live, reader, waiting);
  } catch (error) {
    if (hasCode(error, 'forbidden')) return undefined;
    throw error;
  }
}

async function findServing(
  live: KubernetesObject,
  reader: ObjectReader,
  waiting: Waiting,
): Promise<KubernetesObject | undefined> {
  const ready = new Map<ReplicaSet, KubernetesObject>();
  for await (const object of reader.listObjects(replicaSetsOf(live), waiting)) {
    const replicaSet = parseReplicaSet(object);
    if ((replicaSet.status?.readyReplicas ?? 0) > 0) ready.set(replicaSet, object);
  }
  const newest = newestReplicaSet(parseDeployment(live), [...ready.keys()]);
  return newest === undefined ? undefined : ready.get(newest);
}
