/** Runs tasks a few at a time; the first that fails ends the others. */
export class TaskPool {
  /** Aborted by a failed task, or by whoever waits for the pool. */
  readonly signal: AbortSignal;
  readonly #failure = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(limit: number, signal?: AbortSignal) {
    this.#free = limit;
    this.signal =
      signal === undefined ? this.#failure.signal : AbortSignal.any([signal, this.#failure.signal]);
  }

  /** Begins the task once there is room; its failure comes out of `settle`. */
  add(task: (signal: AbortSignal) => Promise<void>): void {
    const running = this.#run(task).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Waits for every task; throws the first failure, when the others have ended too. */
  async settle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
    this.signal.throwIfAborted();
  }

  /** Ends what still runs, and waits for that. */
  async stop(reason: unknown): Promise<void> {
    this.#failure.abort(reason);
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #run(task: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (this.#free === 0) await new Promise<void>(resolve => this.#waiting.push(resolve));
    else this.#free--;
    try {
      this.signal.throwIfAborted();
      await task(this.signal);
    } catch (error) {
      this.#failure.abort(error);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}
