import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Snapshot, Store } from './store';

/** Changes come in bursts; one write per burst is enough. */
const DELAY_MS = 200;

/** Keeps a store in a file, so that a server that starts again goes on where it was. */
export class StateFile {
  #timer: NodeJS.Timeout | undefined;
  readonly #off: () => void;

  constructor(
    private readonly path: string,
    private readonly store: Store,
  ) {
    mkdirSync(dirname(path), { recursive: true });
    if (existsSync(path)) store.restore(JSON.parse(readFileSync(path, 'utf8')) as Snapshot);
    this.#off = store.onChange(() => (this.#timer ??= setTimeout(() => this.#write(), DELAY_MS)));
  }

  close(): void {
    this.#off();
    clearTimeout(this.#timer);
    this.#write();
  }

  /** Whole or not at all: a reader never sees half a file. */
  #write(): void {
    this.#timer = undefined;
    writeFileSync(`${this.path}.new`, JSON.stringify(this.store.snapshot()));
    renameSync(`${this.path}.new`, this.path);
  }
}
