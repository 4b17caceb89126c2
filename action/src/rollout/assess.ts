import {
  type DeathsByContainer,
  health,
  type HealthContext,
  newPods,
  observeDeaths,
  observePods,
  observeProgress,
  parseControllerRevision,
  parseEndpointSlice,
  parsePod,
  parseReplicaSet,
  parseStorageClass,
  type Sightings,
  type Status,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { awaitingNode, awaitingPod, MountTroubles, parseNotice, type Notice } from './notice';
import type { Mirror } from './mirror';
import type { Tracked } from './tracked';

/** What one look at the cluster says. */
export interface Assessment {
  readonly statuses: ReadonlyMap<Tracked, Status>;
  readonly context: HealthContext;
  readonly warnings: readonly Notice[];
}

/** Kinds that count how far their rollout has come. */
const COUNTING = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** For a pod without a node, where an autoscaler may make one. */
const AUTOSCALED_PATIENCE_MS = 60_000;

/** Judges the tracked objects by what the mirror holds; remembers since when a pod has been in trouble. */
export class Assessor {
  readonly #mirror: Mirror;
  readonly #seen = new Set<Tracked>();
  readonly #mountTroubles = new MountTroubles();
  readonly #parsed = new WeakMap<KubernetesObject, unknown>();
  #sightings: Sightings = new Map();
  #deaths: DeathsByContainer = new Map();

  constructor(mirror: Mirror) {
    this.#mirror = mirror;
  }

  assess(tracked: readonly Tracked[], now: number): Assessment {
    const context = this.#look(tracked, now);
    const warnings = this.#notices().filter(({ type }) => type !== 'Normal');
    return { statuses: new Map(tracked.map(each => [each, this.#judge(each, context)])), context, warnings };
  }

  #look(tracked: readonly Tracked[], now: number): HealthContext {
    const pods = this.#all('Pod', parsePod);
    const notices = this.#notices();
    this.#sightings = observePods(this.#sightings, pods, now);
    this.#deaths = observeDeaths(this.#deaths, pods, now);
    const podsAwaitingNode = awaitingNode(notices);
    const context = {
      now,
      changedAt: changedAt(tracked),
      pods,
      replicaSets: this.#all('ReplicaSet', parseReplicaSet),
      controllerRevisions: this.#all('ControllerRevision', parseControllerRevision),
      storageClasses: this.#all('StorageClass', parseStorageClass),
      endpointSlices: this.#mirror.hasShown('EndpointSlice')
        ? this.#all('EndpointSlice', parseEndpointSlice)
        : undefined,
      claimsAwaitingPod: awaitingPod(notices),
      podsAwaitingNode,
      unschedulableAfterMs: this.#mayGetNode(podsAwaitingNode) ? AUTOSCALED_PATIENCE_MS : undefined,
      sightings: this.#sightings,
      deaths: this.#deaths,
      mountFailures: this.#mountTroubles.observe(notices, now),
    };
    for (const each of tracked) this.#refresh(each, now);
    const releasedPods = tracked.flatMap(({ object }) =>
      object === undefined ? [] : newPods(object, context),
    );
    return { ...context, releasedPods };
  }

  /** Where an autoscaler was seen at work, or would not be: it takes a while to say that it makes a node. */
  #mayGetNode(podsAwaitingNode: ReadonlySet<string>): boolean {
    return podsAwaitingNode.size > 0 || this.#mirror.isRefused('Event');
  }

  #refresh(each: Tracked, now: number): void {
    if (each.isWatched) each.object = this.#watched(each);
    const { apiVersion, kind } = each.ref;
    if (each.object !== undefined && apiVersion.startsWith('apps/') && COUNTING.includes(kind)) {
      each.progress = observeProgress(each.progress, each.object, now);
    }
  }

  #judge(each: Tracked, context: HealthContext): Status {
    const { applied, digests, progress } = each;
    const status = health(each.object, { ...context, applied, digests, progress });
    if (status.reason !== 'Replaced' || each.object === undefined) return status;
    const { uid = '', generation = 0 } = each.object.metadata;
    each.applied = { uid, generation, at: context.now };
    return status;
  }

  /** Until a watch has shown the object, what the apply answered. */
  #watched(each: Tracked): KubernetesObject | undefined {
    const { kind, namespace, name } = each.ref;
    const shown = this.#mirror.objects.get(`${kind}/${namespace ?? ''}/${name}`);
    if (shown !== undefined) this.#seen.add(each);
    return shown ?? (this.#seen.has(each) ? undefined : each.object);
  }

  #notices(): readonly Notice[] {
    return this.#all('Event', parseNotice);
  }

  #all<T>(kind: string, parse: (value: unknown) => T): readonly T[] {
    const found: T[] = [];
    for (const each of this.#mirror.objects.values()) {
      if (each.kind !== kind) continue;
      const parsed = (this.#parsed.get(each) as T | undefined) ?? parse(each);
      this.#parsed.set(each, parsed);
      found.push(parsed);
    }
    return found;
  }
}

function changedAt(tracked: readonly Tracked[]): number | undefined {
  const changes = tracked.filter(({ action }) => action !== 'unchanged').map(({ applied }) => applied.at);
  return changes.length === 0 ? undefined : Math.max(...changes);
}
