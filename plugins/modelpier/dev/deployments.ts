import { type Deployment, type Placement } from '@modelpier/backstage-plugin-modelpier-common';
import { digestOf } from './digests';
import { RELEASES, REPOSITORY } from './releases';
import { type Moment } from './world';

const healthy = { state: 'Current', reason: 'Available', message: '3 of 3 replicas are ready' } as const;

interface Running {
  readonly at: Placement;
  readonly release: number;
  readonly replicas: number;
  readonly deployedAgoMs: number;
}

export function deploymentOf({ at, release, replicas, deployedAgoMs }: Running, { ago }: Moment): Deployment {
  const { version, commit } = RELEASES[release] ?? RELEASES[0];
  const digest = digestOf(version);
  return {
    cluster: at.cluster,
    namespace: at.namespace,
    environment: at.environment ?? null,
    workload: at.workload,
    replicas: { desired: replicas, ready: replicas, updated: replicas, available: replicas },
    status: { ...healthy, message: `${replicas} of ${replicas} replicas are ready` },
    image: `${REPOSITORY}@${digest}`,
    runningDigests: [digest],
    version,
    versionDigest: digest,
    drift: false,
    commit,
    actor: 'mira',
    runUrl: 'https://github.com/acme/mnist-mlp/actions/runs/7310022',
    deployedAt: ago(deployedAgoMs),
    observedAt: ago(9_000),
    pods: Array.from({ length: replicas }, (_, index) => ({
      name: `mnist-mlp-6d5f7c9b8${release}-${['x2kpl', 'q8wzn', 'r4t7m'][index] ?? String(index)}`,
      node: `worker-${(index % 3) + 1}`,
      phase: 'Running',
      ready: true,
      restarts: 0,
      startedAt: ago(deployedAgoMs - 4_000),
      status: { state: 'Current', reason: 'Ready', message: 'ready' },
      digest,
    })),
  };
}

/** A rollout whose new pods cannot hold their memory, while an older image still answers. */
export function failing(deployment: Deployment): Deployment {
  const [first, ...rest] = deployment.pods;
  const message = 'container "server" was killed at its memory limit (OOMKilled, 4 restarts)';
  const status = { state: 'Failed', reason: 'CrashLoopBackOff', message } as const;
  return {
    ...deployment,
    replicas: { desired: 3, ready: 2, updated: 1, available: 2 },
    status,
    drift: true,
    pods: first === undefined ? rest : [{ ...first, ready: false, restarts: 4, status }, ...rest],
  };
}
