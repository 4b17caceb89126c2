import type { StoredObject } from '../object';
import type { Store } from '../store';
import type { Writer } from '../writer';
import { EVENTS } from './workload';

/** How long the simulated machines take; short for tests, longer for a demonstration. */
export interface Timings {
  /** From being scheduled to asking `runContainer`, as pulling an image takes. */
  readonly startMs: number;
  /** From running to ready where the outcome does not say. */
  readonly readyMs: number;
  /** The first pause before another pull or start; it doubles. */
  readonly backOffMs: number;
  /** From deletion to being gone. */
  readonly stopMs: number;
}

export const FAST: Timings = { startMs: 20, readyMs: 30, backOffMs: 150, stopMs: 20 };

/** What every controller works with. */
export interface ControllerContext {
  readonly store: Store;
  readonly writer: Writer;
  readonly timings: Timings;
  /** Runs later, unless the server was closed. */
  readonly after: (ms: number, run: () => void) => void;
}

export interface EventText {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly component: string;
}

let serial = 0;

/** An event about an object; one that repeats is counted, as the real recorder does. */
export function recordEvent(
  { store, writer }: ControllerContext,
  object: StoredObject,
  event: EventText,
): void {
  const { apiVersion, kind } = object;
  const { name, namespace, uid, resourceVersion } = object.metadata;
  const known = store
    .list(EVENTS, namespace)
    .find(
      one => one.involvedObject.uid === uid && one.reason === event.reason && one.message === event.message,
    );
  const time = store.time();
  if (known !== undefined) {
    writer.change(EVENTS, known, draft => {
      draft.count = (draft.count ?? 1) + 1;
      draft.lastTimestamp = time;
    });
    return;
  }
  serial += 1;
  const suffix = (BigInt(store.now().getTime()) * 1_000_000n + BigInt(serial)).toString(16);
  const created = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${suffix}`, namespace: namespace ?? 'default' },
    involvedObject: { apiVersion, kind, name, namespace, uid, resourceVersion },
    type: event.type,
    reason: event.reason,
    message: event.message,
    source: { component: event.component },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  };
  writer.create(EVENTS, created as unknown as StoredObject, { manager: event.component });
}
