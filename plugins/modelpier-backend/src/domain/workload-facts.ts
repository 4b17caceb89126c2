import {
  ACTOR_ANNOTATION,
  COMMIT_ANNOTATION,
  type Deployment,
  DEPLOYED_AT_ANNOTATION,
  ENVIRONMENT_ANNOTATION,
  type DeploymentObject,
  type Digest,
  formatRepository,
  health,
  isDigest,
  newestPods,
  parseReference,
  type Pod,
  type ReplicaSet,
  RUN_URL_ANNOTATION,
} from '@modelpier/backstage-plugin-modelpier-common';
import { readLink } from './link';
import type { StoredWorkload } from './stored-workload';

export interface WorkloadSight {
  readonly cluster: string;
  /** The answer of the API server; `workload` is what was read of it. */
  readonly raw: unknown;
  readonly workload: DeploymentObject;
  readonly apiVersion: string;
  readonly replicaSets: readonly ReplicaSet[];
  /** Of this workload only. */
  readonly pods: readonly Pod[];
  /** `registry/path` of the images of the models it serves. */
  readonly repositories: ReadonlySet<string>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What the portal tells of a Deployment, but for what only the registry knows. */
export function describeWorkload(sight: WorkloadSight): StoredWorkload {
  const { cluster, workload, apiVersion, replicaSets, pods, now } = sight;
  const { annotations = {}, namespace = '', name } = workload.metadata;
  const container = modelContainer(workload, sight.repositories);
  const digestsOf = (some: readonly Pod[]) => [
    ...new Set(some.filter(isReady).flatMap(pod => runningDigest(pod, container.name) ?? [])),
  ];
  return {
    newestDigests: digestsOf(newestPods(workload, { replicaSets, pods })),
    deployment: {
      cluster,
      namespace,
      environment: annotations[ENVIRONMENT_ANNOTATION] ?? null,
      workload: { apiVersion, kind: 'Deployment', namespace, name },
      replicas: countReplicas(workload),
      status: health(sight.raw, { now, replicaSets, pods }),
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

const countReplicas = ({ spec, status = {} }: DeploymentObject): Deployment['replicas'] => ({
  desired: spec.replicas ?? 1,
  ready: status.readyReplicas ?? 0,
  updated: status.updatedReplicas ?? 0,
  available: status.availableReplicas ?? 0,
});

/** The container with an image of the model's own repositories; else the first, as `kubectl logs` takes it. */
function modelContainer(
  { spec }: DeploymentObject,
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
