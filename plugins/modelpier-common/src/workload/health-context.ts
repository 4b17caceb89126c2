import type { Digest } from '../image/digest';
import type { ReplicaSet } from './deployment';
import type { Pod } from './pod';
import type { Sightings } from './sightings';

/** What our apply answered. */
export interface Applied {
  readonly uid: string;
  readonly generation: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What a verdict needs beside the object. Whoever only looks, and applied nothing, leaves `applied` out. */
export interface HealthContext {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly applied?: Applied | undefined;
  /** Of the object's namespace; those of other owners are passed over. */
  readonly replicaSets?: readonly ReplicaSet[] | undefined;
  readonly pods?: readonly Pod[] | undefined;
  /** The digest that each of these containers must run, by container name. */
  readonly digests?: Readonly<Record<string, Digest>> | undefined;
  /** From `observePods`; without it only what the cluster's own clock tells is counted. */
  readonly sightings?: Sightings | undefined;
  /** Pods whose volumes cannot be mounted, from events: the event's text and since when, by pod name. */
  readonly mountFailures?: Readonly<Record<string, MountFailure>> | undefined;
  /** Default 15 s; give 60 s where a cluster autoscaler may bring a node. */
  readonly unschedulableAfterMs?: number | undefined;
}

export interface MountFailure {
  readonly message: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}
