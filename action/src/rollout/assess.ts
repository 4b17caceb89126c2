import {
  type Decoded,
  health,
  type HealthContext,
  type MountFailure,
  object,
  observePods,
  optional,
  parsePod,
  parseReplicaSet,
  parseWith,
  type Pod,
  type ReplicaSet,
  type Sightings,
  type Status,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import type { Mirror } from './mirror';
import type { Tracked } from './tracked';

const warning = object({
  metadata: object({ uid: optional(text) }),
  reason: optional(text),
  message: optional(text),
  involvedObject: object({ name: optional(text), namespace: optional(text) }),
});
/** An Event of type Warning on a pod. */
export type Warning = Decoded<typeof warning>;

/** What one look at the cluster says. */
export interface Assessment {
  readonly statuses: ReadonlyMap<Tracked, Status>;
  readonly context: HealthContext;
  readonly warnings: readonly Warning[];
}

const MOUNT_REASONS = ['FailedMount', 'FailedAttachVolume'];

/** Judges the tracked objects by what the mirror holds; remembers since when a pod has been in trouble. */
export class Assessor {
  readonly #mirror: Mirror;
  readonly #seen = new Set<Tracked>();
  readonly #warnedAt = new Map<string, number>();
  readonly #parsed = new WeakMap<KubernetesObject, Pod | ReplicaSet | Warning>();
  #sightings: Sightings = new Map();

  constructor(mirror: Mirror) {
    this.#mirror = mirror;
  }

  assess(tracked: readonly Tracked[], now: number): Assessment {
    const pods = this.#all('Pod', parsePod);
    const warnings = this.#all('Event', parseWarning);
    this.#sightings = observePods(this.#sightings, pods, now);
    const context: HealthContext = {
      now,
      pods,
      replicaSets: this.#all('ReplicaSet', parseReplicaSet),
      sightings: this.#sightings,
      mountFailures: this.#mountFailures(warnings, now),
    };
    return { statuses: new Map(tracked.map(each => [each, this.#judge(each, context)])), context, warnings };
  }

  #judge(each: Tracked, context: HealthContext): Status {
    if (each.isWatched) each.object = this.#watched(each);
    const judged = (): Status =>
      health(each.object, { ...context, applied: each.applied, digests: each.digests });
    const status = judged();
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

  #all<T extends Pod | ReplicaSet | Warning>(kind: string, parse: (value: unknown) => T): readonly T[] {
    const found: T[] = [];
    for (const each of this.#mirror.objects.values()) {
      if (each.kind !== kind) continue;
      const parsed = (this.#parsed.get(each) as T | undefined) ?? parse(each);
      this.#parsed.set(each, parsed);
      found.push(parsed);
    }
    return found;
  }

  /** Since when is by our own clock: the first time the event was seen. */
  #mountFailures(warnings: readonly Warning[], now: number): Readonly<Record<string, MountFailure>> {
    const failures: Record<string, MountFailure> = {};
    for (const { metadata, reason, message = '', involvedObject } of warnings) {
      if (!MOUNT_REASONS.includes(reason ?? '') || involvedObject.name === undefined) continue;
      const id = metadata.uid ?? involvedObject.name;
      const since = this.#warnedAt.get(id) ?? now;
      this.#warnedAt.set(id, since);
      failures[involvedObject.name] = { message, since };
    }
    return failures;
  }
}

const parseWarning = (value: unknown): Warning => parseWith(warning, value, 'Event');
