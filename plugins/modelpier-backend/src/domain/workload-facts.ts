import {
  ACTOR_ANNOTATION,
  COMMIT_ANNOTATION,
  type Deployment,
  DEPLOYED_AT_ANNOTATION,
  ENVIRONMENT_ANNOTATION,
  type Digest,
  formatRepository,
  health,
  isDigest,
  newPods,
  type ObjectRef,
  parseReference,
  type Pod,
  type ReplicaSet,
  RUN_URL_ANNOTATION,
} from '@modelpier/backstage-plugin-modelpier-common';
import { readLink } from './link';
import type { StoredWorkload } from './stored-workload';
import { countReplicas, type WorkloadObject } from './workload-object';

export interface WorkloadSight {
  readonly cluster: string;
  /** The answer of the API server; `workload` is what was read of it. */
  readonly raw: Pick<ObjectRef, 'apiVersion' | 'kind'>;
  readonly workload: WorkloadObject;
  readonly replicaSets: readonly ReplicaSet[];
  /** Of this workload only. */
  readonly pods: readonly Pod[];
  readonly autoscaler: Deployment['autoscaler'];
  /** `registry/path` of the images of the models it serves. */
  readonly repositories: ReadonlySet<string>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What the portal tells of a workload, but for what only the registry or the ledger knows. */
export function describeWorkload(sight: WorkloadSight): Omit<StoredWorkload, 'isUnreleased'> {
  const { cluster, raw, workload, replicaSets, pods, autoscaler, now } = sight;
  const { apiVersion, kind } = raw;
  const { annotations = {}, namespace = '', name } = workload.metadata;
  const container = modelContainer(workload, sight.repositories);
  const digestsOf = (some: readonly Pod[]) => [
    ...new Set(some.filter(isReady).flatMap(pod => runningDigest(pod, container.name) ?? [])),
  ];
  return {
    newestDigests: digestsOf(newPods(raw, { replicaSets, pods })),
    deployment: {
      cluster,
      namespace,
      environment: annotations[ENVIRONMENT_ANNOTATION] ?? null,
      workload: { apiVersion, kind, namespace, name },
      replicas: countReplicas(kind, raw, workload),
      ...(autoscaler !== undefined && { autoscaler }),
      status: health(raw, { now, replicaSets, pods }),
      image: container.image,
      runningDigests: digestsOf(pods),
      version: null,
      versionDigest: null,
      drift: false,
      commit: annotations[COMMIT_ANNOTATION] ?? null,
      actor: annotations[ACTOR_ANNOTATION] ?? null,
      runUrl: readLink(annotations[RUN_URL_ANNOTATION]),
      deployedAt: annotations[DEPLOYED_AT_ANNOTATION] ?? null,
      observedAt: new Date(now).toISOString(),
      pods: pods.map(pod => describePod(pod, container.name, now)),
    },
  };
}

/** The container with an image of the model's own repositories; else the first, as `kubectl logs` takes it. */
function modelContainer(
  { spec }: WorkloadObject,
  repositories: ReadonlySet<string>,
): { name: string; image: string } {
  const containers = spec.template.spec.containers.map(({ name, image = '' }) => ({ name, image }));
  const own = containers.find(({ image }) => repositories.has(repositoryOf(image)));
  return own ?? containers[0] ?? { name: '', image: '' };
}

function repositoryOf(image: string): string {
  try {
    return formatRepository(parseReference(image));
  } catch {
    return '';
  }
}

function describePod(pod: Pod, container: string, now: number): Deployment['pods'][number] {
  const { metadata, spec, status } = pod;
  const containers = status?.containerStatuses ?? [];
  return {
    name: metadata.name,
    node: spec.nodeName ?? null,
    phase: status?.phase ?? 'Unknown',
    ready: isReady(pod),
    restarts: containers.reduce((sum, each) => sum + each.restartCount, 0),
    startedAt: status?.startTime ?? null,
    status: health({ apiVersion: 'v1', kind: 'Pod', ...pod }, { now }),
    digest: runningDigest(pod, container) ?? null,
  };
}

const isReady = ({ status }: Pod): boolean =>
  (status?.conditions ?? []).some(condition => condition.type === 'Ready' && condition.status === 'True');

/** The last part of `imageID`, which runtimes write with and without a scheme and a repository. */
function runningDigest({ status }: Pod, container: string): Digest | undefined {
  const imageId = status?.containerStatuses?.find(({ name }) => name === container)?.imageID ?? '';
  const last = imageId.slice(imageId.lastIndexOf('sha256:'));
  return isDigest(last) ? last : undefined;
}
