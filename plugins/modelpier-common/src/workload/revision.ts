import { integer, object, optional, parseWith, text, type Decoded } from '../parse/decoder';
import { type DeploymentObject, parseDeployment, type ReplicaSet } from './deployment';
import { type Metadata, metadata } from './metadata';
import { parsePod, type Pod } from './pod';

/** The Deployment controller counts its ReplicaSets here. */
const REVISION_ANNOTATION = 'deployment.kubernetes.io/revision';
/** StatefulSets and DaemonSets name the revision of a pod in this label of it. */
const REVISION_LABEL = 'controller-revision-hash';
/** The older count of a DaemonSet's templates, which the API server and its controller still keep. */
const GENERATION_ANNOTATION = 'deprecated.daemonset.template.generation';
const GENERATION_LABEL = 'pod-template-generation';
/** Argo Rollouts names the revision of its ReplicaSets and pods in this label. */
const ROLLOUT_LABEL = 'rollouts-pod-template-hash';

/** A stored template of a StatefulSet or DaemonSet (Kubernetes API apps/v1). */
const controllerRevision = object({ metadata, revision: integer });
export type ControllerRevision = Decoded<typeof controllerRevision>;
export const parseControllerRevision = (value: unknown): ControllerRevision =>
  parseWith(controllerRevision, value, 'ControllerRevision');

/** What is known of the pods around an object; those of other owners are passed over. */
export interface Surroundings {
  readonly replicaSets?: readonly ReplicaSet[] | undefined;
  readonly pods?: readonly Pod[] | undefined;
  readonly controllerRevisions?: readonly ControllerRevision[] | undefined;
}

export const isOwnedBy = (child: Metadata, owner: Metadata): boolean =>
  owner.uid !== undefined && (child.ownerReferences ?? []).some(({ uid }) => uid === owner.uid);

const revisionOf = ({ metadata: { annotations } }: ReplicaSet): number =>
  Number(annotations?.[REVISION_ANNOTATION] ?? 0);

/** The Deployment's ReplicaSet of the highest revision. */
export const newestReplicaSet = (
  deployment: DeploymentObject,
  replicaSets: readonly ReplicaSet[],
): ReplicaSet | undefined => newest(ownedBy(deployment.metadata, replicaSets), revisionOf);

/** The pods of the Deployment's newest revision that are not being deleted. */
export function newestPods(deployment: DeploymentObject, around: Surroundings): readonly Pod[] {
  const set = newestReplicaSet(deployment, around.replicaSets ?? []);
  return set === undefined ? [] : livePodsOf(set.metadata, around);
}

const workload = object({
  apiVersion: text,
  kind: text,
  metadata,
  status: optional(object({ updateRevision: optional(text), currentPodHash: optional(text) })),
});
type Workload = Decoded<typeof workload>;

/** The pods that run what an object of any kind wants now, and that are not being deleted. */
export function newPods(value: unknown, around: Surroundings): readonly Pod[] {
  const parsed = parseWith(workload, value, 'workload');
  const group = parsed.apiVersion.includes('/') ? parsed.apiVersion.split('/')[0] : '';
  switch (`${group ?? ''}/${parsed.kind}`) {
    case 'apps/Deployment':
      return newestPods(parseDeployment(value), around);
    case 'apps/ReplicaSet':
    case 'batch/Job':
      return livePodsOf(parsed.metadata, around);
    case 'apps/StatefulSet':
      return labelled(livePodsOf(parsed.metadata, around), REVISION_LABEL, parsed.status?.updateRevision);
    case 'apps/DaemonSet':
      return daemonPods(parsed, around);
    case 'argoproj.io/Rollout':
      return rolloutPods(parsed, around);
    case '/Pod':
      return isLive(parsed) ? [parsePod(value)] : [];
    default:
      return [];
  }
}

/** By its stored templates where they may be read, else by the older count. */
function daemonPods({ metadata: owner }: Workload, around: Surroundings): readonly Pod[] {
  const own = livePodsOf(owner, around);
  const latest = newest(ownedBy(owner, around.controllerRevisions ?? []), ({ revision }) => revision);
  const hash = latest?.metadata.labels?.[REVISION_LABEL];
  return hash === undefined
    ? labelled(own, GENERATION_LABEL, owner.annotations?.[GENERATION_ANNOTATION])
    : labelled(own, REVISION_LABEL, hash);
}

function rolloutPods({ metadata: owner, status }: Workload, around: Surroundings): readonly Pod[] {
  const own = ownedBy(owner, around.replicaSets ?? []).flatMap(set => livePodsOf(set.metadata, around));
  return labelled(own, ROLLOUT_LABEL, status?.currentPodHash);
}

const isLive = ({ metadata: { deletionTimestamp } }: { readonly metadata: Metadata }): boolean =>
  deletionTimestamp === undefined;

const ownedBy = <T extends { readonly metadata: Metadata }>(
  owner: Metadata,
  children: readonly T[],
): readonly T[] => children.filter(child => isOwnedBy(child.metadata, owner));

const livePodsOf = (owner: Metadata, { pods = [] }: Surroundings): readonly Pod[] =>
  ownedBy(owner, pods).filter(isLive);

const labelled = (pods: readonly Pod[], label: string, wanted: string | undefined): readonly Pod[] =>
  wanted === undefined ? [] : pods.filter(pod => pod.metadata.labels?.[label] === wanted);

const newest = <T>(all: readonly T[], rankOf: (each: T) => number): T | undefined =>
  all.reduce<T | undefined>(
    (best, each) => (best === undefined || rankOf(each) > rankOf(best) ? each : best),
    undefined,
  );
