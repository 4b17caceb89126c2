import type { Deployment, ReplicaSet } from './workload';

export interface Scale {
  readonly replicaSet: ReplicaSet;
  readonly replicas: number;
}

/** How far a rollout may go above and below the wanted number of pods. */
export function bounds({ spec }: Deployment): { readonly surge: number; readonly unavailable: number } {
  const { maxSurge = '25%', maxUnavailable = '25%' } = spec.strategy.rollingUpdate ?? {};
  const surge = resolve(maxSurge, spec.replicas, Math.ceil);
  const unavailable = resolve(maxUnavailable, spec.replicas, Math.floor);
  // With both 0 nothing could ever move; the real controller then allows one pod to be missing.
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : Math.min(unavailable, spec.replicas) };
}

const resolve = (value: number | string, of: number, round: (value: number) => number): number =>
  typeof value === 'number' ? value : round((Number(value.replace('%', '')) / 100) * of);

const sum = (sets: readonly ReplicaSet[], count: (set: ReplicaSet) => number): number =>
  sets.reduce((total, set) => total + count(set), 0);

const availableOf = ({ status }: ReplicaSet): number => status.availableReplicas ?? 0;

/** The next step of a rolling update (kubernetes/pkg/controller/deployment/rolling.go): up first, then down. */
export function nextScales(deployment: Deployment, newest: ReplicaSet, old: readonly ReplicaSet[]): Scale[] {
  const up = scaleUp(deployment, newest, old);
  if (up !== undefined) return [up];
  return scaleDown(deployment, newest, old);
}

function scaleUp(deployment: Deployment, newest: ReplicaSet, old: readonly ReplicaSet[]): Scale | undefined {
  const wanted = deployment.spec.replicas;
  const now = newest.spec.replicas;
  if (now === wanted) return undefined;
  if (now > wanted) return { replicaSet: newest, replicas: wanted };
  const total = sum([newest, ...old], ({ spec }) => spec.replicas);
  const room = wanted + bounds(deployment).surge - total;
  return room <= 0 ? undefined : { replicaSet: newest, replicas: now + Math.min(room, wanted - now) };
}

function scaleDown(deployment: Deployment, newest: ReplicaSet, old: readonly ReplicaSet[]): Scale[] {
  const all = [newest, ...old];
  const least = deployment.spec.replicas - bounds(deployment).unavailable;
  const missing = newest.spec.replicas - availableOf(newest);
  let most = sum(all, ({ spec }) => spec.replicas) - least - missing;
  if (most <= 0) return [];
  const left = new Map(old.map(set => [set, set.spec.replicas]));
  // Pods that do not serve anyway go first.
  for (const set of oldestFirst(old)) {
    const unhealthy = Math.min(most, Math.max(0, set.spec.replicas - availableOf(set)));
    left.set(set, set.spec.replicas - unhealthy);
    most -= unhealthy;
  }
  let spare = Math.min(most, sum(all, availableOf) - least);
  for (const set of oldestFirst(old)) {
    const now = left.get(set) ?? 0;
    const fewer = Math.max(0, Math.min(spare, now));
    left.set(set, now - fewer);
    spare -= fewer;
  }
  return [...left]
    .filter(([set, count]) => count !== set.spec.replicas)
    .map(([replicaSet, replicas]) => ({ replicaSet, replicas }));
}

const oldestFirst = (sets: readonly ReplicaSet[]): ReplicaSet[] =>
  [...sets].sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1));
