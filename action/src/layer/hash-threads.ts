import { Worker } from 'node:worker_threads';
import { digestOfHex, type Hasher } from './hasher';

/** Its own source, so that a bundle stays one file. Answers every message: a chunk, or null for the digest. */
const PROGRAM = `
const { createHash } = require('node:crypto');
const { constants, setPriority } = require('node:os');
const { parentPort } = require('node:worker_threads');
// Of this thread alone, but only on Linux: sending, and a registry on the same machine, come first.
if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
let hash = createHash('sha256');
parentPort.on('message', chunk => {
  if (chunk !== null) {
    hash.update(chunk);
    parentPort.postMessage('');
  } else {
    parentPort.postMessage(hash.digest('hex'));
    hash = createHash('sha256');
  }
});`;

/** A thread that hashes needs next to none; Node would let it take more before it collects. */
const LIMITS = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 };

/**
 * Hashers on threads of their own, kept for the next file; close them in the end. The two hashes of a
 * large file, its own and its layer's, take the time of one: 0.8 s instead of 1.4 s a GiB; and an upload
 * goes on meanwhile.
 */
export class HashThreads {
  readonly #threads: HashThread[] = [];
  readonly #idle: HashThread[] = [];

  hasher(): Hasher {
    const thread = this.#idle.pop() ?? this.#start();
    return {
      update: chunk => thread.ask(chunk),
      digest: async () => {
        const hex = await thread.ask(null);
        this.#idle.push(thread);
        return digestOfHex(hex);
      },
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(thread => thread.stop()));
  }

  #start(): HashThread {
    const thread = new HashThread();
    this.#threads.push(thread);
    return thread;
  }
}

interface Question {
  readonly resolve: (answer: string) => void;
  readonly reject: (reason: unknown) => void;
}

class HashThread {
  // Without the flags of this process: a loader of sources has nothing to do there.
  readonly #worker = new Worker(PROGRAM, { eval: true, execArgv: [], resourceLimits: LIMITS });
  readonly #asked: Question[] = [];

  constructor() {
    this.#worker.on('message', (answer: string) => this.#asked.shift()?.resolve(answer));
    this.#worker.on('error', error => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('the thread has ended')));
  }

  ask(chunk: Uint8Array | null): Promise<string> {
    const answer = new Promise<string>((resolve, reject) => this.#asked.push({ resolve, reject }));
    // Whoever gives up in the middle of a file waits for no answer.
    answer.catch(() => undefined);
    this.#worker.postMessage(chunk);
    return answer;
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(reason: unknown): void {
    for (const { reject } of this.#asked.splice(0)) reject(reason);
  }
}
