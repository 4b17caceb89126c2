import {
  literal,
  ModelpierError,
  object as decodeObject,
  parseWith,
  text,
  unknownValue,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Waiting } from '../registry/ports';
import { parseObject } from './kubernetes-object';
import { readLines } from './lines';
import type { KubernetesObject, ObjectWatcher, Selection, WatchEvent } from './ports';
import { describeSelection, listPages, type ReadContext } from './read';
import { refusal } from './refusal';
import { readAnswer } from './reply';
import { resourcePath } from './resource-path';
import { readStatus } from './status';
import type { ApiAnswer, Timeouts, Transport } from './transport';
import { asUnreachable } from './unreachable';
import { wait } from './wait';

/** The server ends each watch after this; short, so that a connection that died silently costs little. */
const WATCH_SECONDS = '60';
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** About a minute of an unreachable server. */
const MOST_FAILURES = 10;
const GONE = 410;
/** A server that ends watches at once is not to be asked without pause. */
const SHORTEST_WATCH_MS = 1_000;
const MAX_REFUSAL_BYTES = 1024 * 1024;

const line = decodeObject({
  type: literal('ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR'),
  object: unknownValue,
});

/** Says only how far the watch has come; it has no name. */
const bookmark = decodeObject({ metadata: decodeObject({ resourceVersion: text }) });

export interface WatchContext extends ReadContext {
  readonly transport: Transport;
  readonly timeouts: Timeouts;
  readonly random: () => number;
}

/** Signals inside one watch that the state has to be listed again. */
class Expired extends Error {}

export function createWatcher(context: WatchContext): ObjectWatcher {
  async function* watchObjects(
    selection: Selection,
    options: Waiting = {},
  ): AsyncGenerator<WatchEvent, void, undefined> {
    const watch = new Watch(context, selection, options.signal);
    try {
      yield* watch.events();
    } catch (error) {
      if (options.signal?.aborted !== true) throw error;
    }
  }
  return { watchObjects };
}

/** One watch over its connections: what is known of each object, and where to go on. */
class Watch {
  readonly #known = new Map<string, KubernetesObject>();
  readonly #act: string;
  #resourceVersion: string | undefined;
  #failures = 0;

  constructor(
    private readonly context: WatchContext,
    private readonly selection: Selection,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.#act = `watch ${describeSelection(selection)}`;
  }

  async *events(): AsyncGenerator<WatchEvent, void, undefined> {
    while (this.signal?.aborted !== true) {
      try {
        if (this.#resourceVersion === undefined) yield* this.#list();
        yield* this.#follow();
      } catch (error) {
        if (error instanceof Expired) this.#resourceVersion = undefined;
        else await this.#pauseAfter(error);
      }
    }
  }

  /** What changed since the last event, found by comparing; at first everything is new. */
  async *#list(): AsyncGenerator<WatchEvent, void, undefined> {
    const gone = new Map(this.#known);
    let resourceVersion = '';
    for await (const page of listPages(this.context, this.selection, { signal: this.signal })) {
      resourceVersion = page.resourceVersion;
      for (const object of page.items) {
        const id = identify(object);
        const before = this.#known.get(id);
        gone.delete(id);
        if (before?.metadata.resourceVersion === object.metadata.resourceVersion) continue;
        this.#known.set(id, object);
        yield { type: before === undefined ? 'ADDED' : 'MODIFIED', object };
      }
    }
    for (const [id, object] of gone) {
      this.#known.delete(id);
      yield { type: 'DELETED', object };
    }
    this.#resourceVersion = resourceVersion;
  }

  async *#follow(): AsyncGenerator<WatchEvent, void, undefined> {
    const answer = await this.#open();
    const { server } = this.context.transport;
    const idle = new Idle(answer, this.context.timeouts.watchIdleMs);
    const floor = new Floor();
    try {
      for await (const text of readLines(idle.chunks(), this.#act)) {
        this.#failures = 0;
        const event = this.#read(text);
        if (event !== undefined) yield event;
      }
      if (floor.isEarly()) await wait(SHORTEST_WATCH_MS, this.signal, this.#act);
    } catch (error) {
      throw error instanceof Expired ? error : asUnreachable(error, this.#act, server);
    } finally {
      floor.stop();
      idle.stop();
      answer.close();
    }
  }

  async #open(): Promise<ApiAnswer> {
    const { kinds, transport } = this.context;
    const { apiVersion, kind, namespace, labelSelector, fieldSelector } = this.selection;
    const { plural } = await kinds.requireKind(apiVersion, kind, this.#act, { signal: this.signal });
    const path = resourcePath({ apiVersion, plural, namespace });
    const query = {
      watch: 'true',
      allowWatchBookmarks: 'true',
      timeoutSeconds: WATCH_SECONDS,
      resourceVersion: this.#resourceVersion,
      labelSelector,
      fieldSelector,
    };
    const answer = await transport.send({ method: 'GET', path, query, act: this.#act, signal: this.signal });
    if (answer.status === 200) return answer;
    const idle = new Idle(answer, this.context.timeouts.connectMs);
    try {
      if (answer.status === GONE) throw new Expired();
      const place = { server: transport.server, act: this.#act, maxBytes: MAX_REFUSAL_BYTES };
      throw refusal(await readAnswer(answer, place), this.#act);
    } finally {
      idle.stop();
      answer.close();
    }
  }

  #read(text: string): WatchEvent | undefined {
    const { type, object } = parseWith(line, JSON.parse(text) as unknown, `event of ${this.#act}`);
    if (type === 'ERROR') {
      const { code = 500 } = readStatus(object);
      if (code === GONE) throw new Expired();
      const { server } = this.context.transport;
      throw refusal({ server, status: code, headers: {}, text, json: object }, this.#act);
    }
    if (type === 'BOOKMARK') {
      this.#resourceVersion = parseWith(bookmark, object, `event of ${this.#act}`).metadata.resourceVersion;
      return undefined;
    }
    const parsed = parseObject(object, `event of ${this.#act}`);
    this.#resourceVersion = parsed.metadata.resourceVersion ?? this.#resourceVersion;
    if (type === 'DELETED') this.#known.delete(identify(parsed));
    else this.#known.set(identify(parsed), parsed);
    return { type, object: parsed };
  }

  async #pauseAfter(error: unknown): Promise<void> {
    this.#failures += 1;
    if (!isPassing(error) || this.#failures > MOST_FAILURES) throw error;
    const longest = Math.min(FIRST_PAUSE_MS * 2 ** (this.#failures - 1), LONGEST_PAUSE_MS);
    await wait(longest * (0.5 + this.context.random() / 2), this.signal, this.#act);
  }
}

const isPassing = (error: unknown): boolean =>
  error instanceof ModelpierError &&
  ['unreachable', 'timeout', 'rate-limited', 'upstream'].includes(error.code);

const identify = ({ metadata }: KubernetesObject): string =>
  metadata.uid ?? `${metadata.namespace ?? ''}/${metadata.name}`;

/** Ends a stream on which nothing came for a while: the other side may have vanished without a word. */
class Idle {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly answer: ApiAnswer,
    private readonly limitMs: number,
  ) {
    this.#restart();
  }

  async *chunks(): AsyncGenerator<Buffer, void, undefined> {
    for await (const chunk of this.answer.body as AsyncIterable<Buffer>) {
      this.#restart();
      yield chunk;
    }
  }

  #restart(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.answer.close(), this.limitMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

class Floor {
  #early = true;
  readonly #timer = setTimeout(() => (this.#early = false), SHORTEST_WATCH_MS);

  isEarly(): boolean {
    return this.#early;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
