import {
  type Digest,
  type Fate,
  formatRepository,
  isSent,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { BlobReader, BlobWriter } from '@modelpier/backstage-plugin-modelpier-node';
import type { BuildEvent, LayerName } from './event';
import { assertLayerFits } from './layer-limit';
import { pushBlob, type PushedBlob } from './push-blob';
import { TaskPool } from './task-pool';

/** Enough to fill a runner's line while one layer is hashed; registries slow down those who send more. */
const CONCURRENT_BLOBS = 4;
/** Fine enough for a rate on a slow line, coarse enough to cost nothing on a fast one. */
const PROGRESS_STEP_BYTES = 1024 * 1024;

interface PusherOptions {
  readonly target: Repository;
  readonly dryRun: boolean;
  readonly onEvent: (event: BuildEvent) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Pushes layers while others are still being packed, each digest once. */
export class LayerPusher {
  readonly #registry: BlobReader & BlobWriter;
  readonly #options: PusherOptions;
  readonly #pool: TaskPool;
  readonly #seen = new Set<Digest>();
  readonly #fates = new Map<Digest, Fate>();

  constructor(registry: BlobReader & BlobWriter, options: PusherOptions) {
    this.#registry = registry;
    this.#options = options;
    this.#pool = new TaskPool(CONCURRENT_BLOBS, options.signal);
  }

  /** Ends as soon as a push failed, so that nothing is packed in vain. */
  get signal(): AbortSignal {
    return this.#pool.signal;
  }

  /** Throws where the registry takes no layer of this size. */
  assertFits(layer: LayerName): void {
    assertLayerFits(layer, this.#options.target);
  }

  add(layer: LayerName, blob: PushedBlob): void {
    this.assertFits(layer);
    if (this.#seen.has(layer.digest)) return;
    this.#seen.add(layer.digest);
    this.#pool.add(async signal => {
      this.#fates.set(layer.digest, await this.#push(layer, blob, signal));
    });
  }

  /** The fate of every digest, once all are in the registry. */
  async settle(): Promise<ReadonlyMap<Digest, Fate>> {
    await this.#pool.settle();
    return this.#fates;
  }

  stop(reason: unknown): Promise<void> {
    return this.#pool.stop(reason);
  }

  async #push(layer: LayerName, blob: PushedBlob, signal: AbortSignal): Promise<Fate> {
    const { target, dryRun, onEvent } = this.#options;
    const { sizeBytes: totalBytes } = layer;
    const name = formatRepository(target);
    let told = -Infinity;
    const onProgress = (sentBytes: number): void => {
      if (sentBytes < told + PROGRESS_STEP_BYTES) return;
      told = sentBytes;
      onEvent({ type: 'sending', layer, target: name, sentBytes, totalBytes });
    };
    const fate = await pushBlob(this.#registry, blob, { target, dryRun, signal, onProgress });
    const sentBytes = isSent(fate) && !dryRun ? totalBytes : 0;
    onEvent({ type: 'layer', layer, target: name, fate, sentBytes });
    return fate;
  }
}
