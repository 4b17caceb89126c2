import { isUnobserved } from '@modelpier/backstage-plugin-modelpier-common';
import type { ObjectReader, Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import type { Assessment } from './assess';
import type { Tracked } from './tracked';

/** Objects that stand for a while are not worth a request with each change of a pod. */
const READ_EVERY_MS = 2_000;

/** In this time a controller begins with what was applied, and takes back a status of before. */
const BEGUN_AFTER_MS = 5_000;

/** Reads objects that no watch keeps fresh, until they are Current by a status of after the apply. */
export class Reading {
  #readAt = -Infinity;
  readonly #readEachAt = new Map<Tracked, number>();

  constructor(private readonly reader: ObjectReader) {}

  /** Whether the status of an object that was changed may still be that of before. */
  mayBeOld(tracked: Tracked): boolean {
    const { action, isWatched, object, applied } = tracked;
    if (action === 'unchanged' || isWatched || object === undefined || !isUnobserved(object)) return false;
    return (this.#readEachAt.get(tracked) ?? -Infinity) < applied.at + BEGUN_AFTER_MS;
  }

  async refresh(
    { statuses }: Assessment,
    { now, signal }: Waiting & { readonly now: number },
  ): Promise<void> {
    if (now - this.#readAt < READ_EVERY_MS) return;
    this.#readAt = now;
    for (const [tracked, { state }] of statuses) {
      if (tracked.isWatched || (state === 'Current' && !this.mayBeOld(tracked))) continue;
      tracked.object = await this.reader.getObject(tracked.ref, { signal });
      this.#readEachAt.set(tracked, now);
    }
  }
}
