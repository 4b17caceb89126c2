import type { Digest } from '../image/digest';
import type { DeathsByContainer } from './deaths';
import type { StorageClass } from './kinds/persistent-volume-claim';
import type { EndpointSlice } from './kinds/service';
import type { Pod } from './pod';
import type { Progress } from './progress';
import type { Surroundings } from './revision';
import type { Sightings } from './sightings';

/** What our apply answered. */
export interface Applied {
  readonly uid: string;
  readonly generation: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What a verdict needs beside the object. Whoever only looks, and applied nothing, leaves `applied` out. */
export interface HealthContext extends Surroundings {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly applied?: Applied | undefined;
  /** When the release changed anything, in milliseconds since the epoch; nothing where it changed nothing. */
  readonly changedAt?: number | undefined;
  /** Pods of the new revisions of everything that is released together. */
  readonly releasedPods?: readonly Pod[] | undefined;
  /** Nothing where they may not be read; then no Service is asked whom it leads to. */
  readonly endpointSlices?: readonly EndpointSlice[] | undefined;
  readonly storageClasses?: readonly StorageClass[] | undefined;
  /** Claims that the cluster said get their volume with their first pod, as `namespace/name`. */
  readonly claimsAwaitingPod?: ReadonlySet<string> | undefined;
  /** Pods for which an autoscaler said that it makes a node, as `namespace/name`. */
  readonly podsAwaitingNode?: ReadonlySet<string> | undefined;
  /** Of this object, from `observeProgress`. */
  readonly progress?: Progress | undefined;
  /** The digest that each of these containers must run, by container name. */
  readonly digests?: Readonly<Record<string, Digest>> | undefined;
  /** From `observePods`; without it only what the cluster's own clock tells is counted. */
  readonly sightings?: Sightings | undefined;
  /** From `observeDeaths`; without it only the count of restarts speaks. */
  readonly deaths?: DeathsByContainer | undefined;
  /** Pods of which events say that their volumes cannot be mounted, by the pod's uid. */
  readonly mountFailures?: ReadonlyMap<string, MountFailure> | undefined;
  /** How long a pod may have no node; default 15 s. Give more where an autoscaler may make one. */
  readonly unschedulableAfterMs?: number | undefined;
}

export interface MountFailure {
  readonly message: string;
  /** The first and the last time that the cluster said so, in milliseconds since the epoch. */
  readonly since: number;
  readonly lastAt: number;
}
