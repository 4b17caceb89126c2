import { hasCode } from '@modelpier/backstage-plugin-modelpier-common';
import type {
  KubernetesObject,
  ObjectWatcher,
  Selection,
  Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';

export interface MirrorOptions {
  /** Ends every watch. */
  readonly signal: AbortSignal;
  /** Selections to do without where the cluster forbids them. */
  readonly optional?: readonly Selection[] | undefined;
}

const keyOf = ({ kind, metadata: { namespace, name } }: KubernetesObject): string =>
  `${kind}/${namespace ?? ''}/${name}`;

/** A copy of the selected objects that watches keep fresh. */
export class Mirror {
  readonly objects = new Map<string, KubernetesObject>();
  /** Kinds of which at least one object was ever there. */
  readonly #shown = new Set<string>();
  /** Kinds that the cluster does not let be read. */
  readonly #refused = new Set<string>();
  readonly #waiting = new Set<() => void>();
  readonly #signal: AbortSignal;
  #version = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(watcher: ObjectWatcher, selections: readonly Selection[], options: MirrorOptions) {
    this.#signal = options.signal;
    for (const selection of selections) void this.#follow(watcher, selection, []);
    for (const selection of options.optional ?? []) {
      void this.#follow(watcher, selection, ['forbidden', 'not-found', 'not-served']);
    }
  }

  /** Grows with each change. */
  get version(): number {
    return this.#version;
  }

  /** Resolves once the copy is newer than `version`; throws where a watch has ended for good. */
  async newerThan(version: number, { signal }: Waiting): Promise<void> {
    if (this.#failure === undefined && this.#version === version) await this.#woken(signal);
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #woken(signal: AbortSignal | undefined): Promise<void> {
    return new Promise(resolve => {
      const done = (): void => {
        this.#waiting.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal?.addEventListener('abort', done, { once: true });
      if (signal?.aborted === true) done();
    });
  }

  /** Whether the cluster lets objects of this kind be watched, as far as it has shown one. */
  hasShown(kind: string): boolean {
    return this.#shown.has(kind);
  }

  isRefused(kind: string): boolean {
    return this.#refused.has(kind);
  }

  async #follow(
    watcher: ObjectWatcher,
    selection: Selection,
    tolerated: readonly Parameters<typeof hasCode>[1][],
  ): Promise<void> {
    try {
      for await (const { type, object } of watcher.watchObjects(selection, { signal: this.#signal })) {
        if (type === 'DELETED') this.objects.delete(keyOf(object));
        else this.objects.set(keyOf(object), object);
        this.#shown.add(object.kind);
        this.#wake();
      }
    } catch (error) {
      if (this.#signal.aborted) return;
      if (hasCode(error, ...tolerated)) this.#refused.add(selection.kind);
      else this.#failure = { error };
      this.#wake();
    }
  }

  #wake(): void {
    this.#version += 1;
    for (const done of this.#waiting) done();
  }
}
