import type { Metadata, ObjectRef, Pod, ReplicaSet } from '@modelpier/backstage-plugin-modelpier-common';
import type { SeenAutoscaler } from './autoscaler';
import type { SeenLedger, SeenWorkload } from './cluster-snapshot';
import { groupBy } from './group-by';
import type { WorkloadFinder } from './match-models';
import { isUnreleased, releasedImage } from './released-image';
import { describeWorkload } from './workload-facts';
import type { WorkloadObject } from './workload-object';

/** A workload as it was found in a cluster's answer. */
export interface FoundWorkload {
  readonly raw: Pick<ObjectRef, 'apiVersion' | 'kind'>;
  readonly workload: WorkloadObject;
  readonly finders: readonly WorkloadFinder[];
  readonly modelName: string | null;
}

/** All that one collection read of a cluster. */
export interface Neighbourhood {
  readonly cluster: string;
  readonly replicaSets: readonly ReplicaSet[];
  readonly pods: readonly Pod[];
  readonly autoscalers: readonly SeenAutoscaler[];
  readonly ledgers: readonly SeenLedger[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Tells of each workload what is around it; what that is, is sorted out once for all of them. */
export function createWorkloadObserver(around: Neighbourhood): (found: FoundWorkload) => SeenWorkload {
  const { cluster, now } = around;
  const setsByOwner = groupByOwner(around.replicaSets);
  const podsByOwner = groupByOwner(around.pods);
  const autoscalers = new Map(around.autoscalers.map(each => [each.target, each.shown]));
  const released = new Map(
    around.ledgers.map(({ namespace, ledger }) => [`${namespace}/${ledger.model}`, releasedImage(ledger)]),
  );
  return ({ raw, workload, finders, modelName }) => {
    const { uid = '', namespace = '', name } = workload.metadata;
    const replicaSets = setsByOwner.get(uid) ?? [];
    const owners = [uid, ...replicaSets.map(({ metadata }) => metadata.uid ?? '')];
    const pods = owners.flatMap(owner => podsByOwner.get(owner) ?? []);
    const stored = describeWorkload({
      cluster,
      raw,
      workload,
      replicaSets,
      pods,
      autoscaler: autoscalers.get(`${raw.kind}/${namespace}/${name}`),
      repositories: new Set(finders.flatMap(({ repositories }) => repositories)),
      now,
    });
    const wanted = modelName === null ? undefined : released.get(`${namespace}/${modelName}`);
    return {
      models: finders.map(({ modelId }) => modelId),
      modelName: modelName?.slice(0, 63) ?? null,
      podNames: new Set(pods.map(({ metadata }) => metadata.name)),
      stored: { ...stored, isUnreleased: isUnreleased(stored.deployment.image, wanted) },
    };
  };
}

function groupByOwner<T extends { readonly metadata: Metadata }>(
  objects: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const owned = objects.flatMap(object =>
    (object.metadata.ownerReferences ?? []).map(({ uid }) => ({ uid, object })),
  );
  const groups = groupBy(owned, ({ uid }) => uid);
  return new Map([...groups].map(([uid, members]) => [uid, members.map(({ object }) => object)]));
}
