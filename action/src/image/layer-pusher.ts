import {
  type Descriptor,
  type Digest,
  type Fate,
  formatRepository,
  isSent,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { BlobReader, BlobWriter } from '@modelpier/backstage-plugin-modelpier-node';
import type { BuildEvent, LayerName, SentLayer } from './event';
import { assertLayerFits } from './layer-limit';
import { pushBlob, type PushedBlob, type PushOptions } from './push-blob';
import { type BlobAhead, sendAhead } from './send-ahead';
import { TaskPool } from './task-pool';

/** Enough to fill a runner's line while one layer is hashed; registries slow down those who send more. */
const CONCURRENT_BLOBS = 4;
/** Fine enough for a rate on a slow line, coarse enough to cost nothing on a fast one. */
const PROGRESS_STEP_BYTES = 1024 * 1024;

interface PusherOptions {
  readonly target: Repository;
  readonly dryRun: boolean;
  /** Layers of the version before: the repository is not asked for them unless something has changed. */
  readonly known?: readonly Descriptor[] | undefined;
  readonly onEvent: (event: BuildEvent) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Pushes layers while others are still being packed, each digest once. */
export class LayerPusher {
  readonly #registry: BlobReader & BlobWriter;
  readonly #options: PusherOptions;
  readonly #pool: TaskPool;
  readonly #known: ReadonlySet<Digest>;
  readonly #seen = new Set<Digest>();
  readonly #fates = new Map<Digest, Fate>();
  /** Known layers, for as long as nothing has changed. */
  #deferred: [LayerName, PushedBlob][] | undefined = [];

  constructor(registry: BlobReader & BlobWriter, options: PusherOptions) {
    this.#registry = registry;
    this.#options = options;
    this.#known = new Set(options.known?.map(({ digest }) => digest));
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
    if (this.#deferred !== undefined && this.#known.has(layer.digest)) {
      this.#deferred.push([layer, blob]);
    } else {
      this.#pushDeferred();
      this.#push(layer, blob);
    }
  }

  /** Sends a layer that is still being packed; whoever packs it calls `stop` where that fails. */
  addAhead(layer: SentLayer, blob: BlobAhead): void {
    this.#pushDeferred();
    this.#run(layer, blob.digest, options => sendAhead(this.#registry, blob, options));
  }

  /**
   * Nothing has changed: the registry took the image that is there, so it has the layers too. Spares a
   * request for each, which is most of what an unchanged model of many files would ask.
   */
  keepKnown(): void {
    const { target, onEvent } = this.#options;
    for (const [layer] of this.#deferred ?? []) {
      this.#fates.set(layer.digest, 'present');
      onEvent({ type: 'layer', layer, target: formatRepository(target), fate: 'present', sentBytes: 0 });
    }
    this.#deferred = undefined;
  }

  /** The fate of every digest, once all are in the registry. */
  async settle(): Promise<ReadonlyMap<Digest, Fate>> {
    this.#pushDeferred();
    await this.#pool.settle();
    return this.#fates;
  }

  stop(reason: unknown): Promise<void> {
    return this.#pool.stop(reason);
  }

  #pushDeferred(): void {
    const deferred = this.#deferred ?? [];
    this.#deferred = undefined;
    for (const [layer, blob] of deferred) this.#push(layer, blob);
  }

  #push(layer: LayerName, blob: PushedBlob): void {
    this.#run(layer, layer.digest, options => pushBlob(this.#registry, blob, options));
  }

  #run(
    layer: SentLayer,
    pending: Digest | Promise<Digest>,
    push: (options: PushOptions) => Promise<Fate>,
  ): void {
    const { target, dryRun, onEvent } = this.#options;
    const { sizeBytes: totalBytes } = layer;
    const name = formatRepository(target);
    let told = -Infinity;
    const onProgress = (sentBytes: number): void => {
      if (sentBytes < told + PROGRESS_STEP_BYTES) return;
      told = sentBytes;
      onEvent({ type: 'sending', layer, target: name, sentBytes, totalBytes });
    };
    this.#pool.add(async signal => {
      const fate = await push({ target, dryRun, signal, onProgress });
      const digest = await pending;
      this.#fates.set(digest, fate);
      const sentBytes = isSent(fate) && !dryRun ? totalBytes : 0;
      onEvent({ type: 'layer', layer: { ...layer, digest }, target: name, fate, sentBytes });
    });
  }
}
