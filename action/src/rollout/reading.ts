import type { ObjectReader, Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import type { Assessment } from './assess';

/** Objects that stand for a while are not worth a request with each change of a pod. */
const READ_EVERY_MS = 2_000;

/** Reads objects that no watch keeps fresh, until they are Current. */
export class Reading {
  #readAt = -Infinity;

  constructor(private readonly reader: ObjectReader) {}

  async refresh(
    { statuses }: Assessment,
    { now, signal }: Waiting & { readonly now: number },
  ): Promise<void> {
    if (now - this.#readAt < READ_EVERY_MS) return;
    this.#readAt = now;
    for (const [tracked, { state }] of statuses) {
      if (tracked.isWatched || state === 'Current') continue;
      tracked.object = await this.reader.getObject(tracked.ref, { signal });
    }
  }
}
