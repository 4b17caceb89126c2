import type { DeploymentObject, ReplicaSet } from './deployment';
import type { Metadata } from './metadata';
import type { Pod } from './pod';

/** The Deployment controller counts its ReplicaSets here. */
const REVISION_ANNOTATION = 'deployment.kubernetes.io/revision';

export const isOwnedBy = (child: Metadata, owner: Metadata): boolean =>
  owner.uid !== undefined && (child.ownerReferences ?? []).some(({ uid }) => uid === owner.uid);

const revisionOf = ({ metadata }: ReplicaSet): number =>
  Number(metadata.annotations?.[REVISION_ANNOTATION] ?? 0);

/** The Deployment's ReplicaSet of the highest revision. */
export const newestReplicaSet = (
  deployment: DeploymentObject,
  replicaSets: readonly ReplicaSet[],
): ReplicaSet | undefined =>
  replicaSets
    .filter(({ metadata }) => isOwnedBy(metadata, deployment.metadata))
    .reduce<ReplicaSet | undefined>(
      (newest, each) => (newest === undefined || revisionOf(each) > revisionOf(newest) ? each : newest),
      undefined,
    );

/** The pods of the Deployment's newest revision that are not being deleted. */
export function newestPods(
  deployment: DeploymentObject,
  {
    replicaSets = [],
    pods = [],
  }: { replicaSets?: readonly ReplicaSet[] | undefined; pods?: readonly Pod[] | undefined },
): readonly Pod[] {
  const newest = newestReplicaSet(deployment, replicaSets);
  if (newest === undefined) return [];
  return pods.filter(
    ({ metadata }) => metadata.deletionTimestamp === undefined && isOwnedBy(metadata, newest.metadata),
  );
}
