import { count, object, optional, parseWith, text } from '../parse/decoder';

const counted = object({
  metadata: object({ uid: optional(text), generation: optional(count) }),
  status: optional(
    object({
      observedGeneration: optional(count),
      updatedReplicas: optional(count),
      readyReplicas: optional(count),
      updatedNumberScheduled: optional(count),
      numberReady: optional(count),
    }),
  ),
});

/** How far a rollout had come when it last came further, by our own clock. */
export interface Progress {
  /** Which wish it is the progress of. */
  readonly wish: string;
  readonly updated: number;
  readonly ready: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * The progress after a look at a Deployment, StatefulSet or DaemonSet: more pods of the new revision, or more ready ones than
 * ever since the last of them was made. A pod that flaps makes no progress.
 */
export function observeProgress(previous: Progress | undefined, value: unknown, now: number): Progress {
  const { metadata, status = {} } = parseWith(counted, value, 'workload');
  const wish = JSON.stringify([metadata.uid, metadata.generation, status.observedGeneration]);
  const { updatedReplicas, updatedNumberScheduled, readyReplicas, numberReady } = status;
  const updated = updatedReplicas ?? updatedNumberScheduled ?? 0;
  const ready = readyReplicas ?? numberReady ?? 0;
  if (previous?.wish !== wish || updated > previous.updated) return { wish, updated, ready, at: now };
  return ready > previous.ready ? { ...previous, ready, at: now } : previous;
}
