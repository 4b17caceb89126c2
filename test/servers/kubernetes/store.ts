import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { ObjectMetadata, StoredObject } from './object';
import { expired, notFound, Refused } from './refused';
import { type Kind, qualified, type Resource, RESOURCES } from './resources';

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: Resource;
  readonly object: StoredObject;
  readonly before: StoredObject | undefined;
  readonly resourceVersion: number;
}

/** As many changes as a watcher may have missed before it has to list again. */
const KEPT_CHANGES = 2_000;

export interface Snapshot {
  readonly resourceVersion: number;
  readonly objects: readonly { readonly resource: string; readonly object: StoredObject }[];
}

/** The objects with their versions and a limited history: what etcd and the watch cache are to the real server. */
export class Store {
  readonly #objects = new Map<string, Map<string, StoredObject>>();
  readonly #emitter = new EventEmitter().setMaxListeners(0);
  #history: Change[] = [];
  #forgotten = 0;
  #resourceVersion = 0;

  constructor(readonly now: () => Date) {}

  get resourceVersion(): number {
    return this.#resourceVersion;
  }

  get<T extends StoredObject>(resource: Kind<T>, namespace: string | undefined, name: string): T | undefined {
    return this.#of(resource).get(key(namespace, name)) as T | undefined;
  }

  /** In the order of namespace and name, as etcd keeps them. */
  list<T extends StoredObject>(resource: Kind<T>, namespace?: string): T[] {
    const all = [...this.#of(resource).entries()];
    const chosen =
      namespace === undefined ? all : all.filter(([, { metadata }]) => metadata.namespace === namespace);
    return chosen.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object as T);
  }

  create(resource: Resource, object: StoredObject): StoredObject {
    const { namespace, name } = object.metadata;
    if (this.get(resource, namespace, name) !== undefined) {
      throw new Refused(409, 'AlreadyExists', `${qualified(resource)} "${name}" already exists`, {
        name,
        kind: resource.plural,
      });
    }
    const metadata: ObjectMetadata = {
      ...object.metadata,
      uid: randomUUID(),
      creationTimestamp: this.time(),
      resourceVersion: '',
    };
    if (resource.counted === true) metadata.generation = 1;
    return this.#put('ADDED', resource, { ...object, metadata });
  }

  /** The version stays where nothing changed; the generation counts changes of anything but metadata and status. */
  replace(resource: Resource, object: StoredObject): StoredObject {
    const { namespace, name } = object.metadata;
    const before = this.get(resource, namespace, name);
    if (before === undefined) throw notFound(resource.plural, resource.group, name);
    const metadata = { ...object.metadata, resourceVersion: before.metadata.resourceVersion };
    const after = { ...object, metadata };
    if (resource.counted === true) {
      const grew = !same(wantedOf(before), wantedOf(after));
      metadata.generation = (before.metadata.generation ?? 1) + (grew ? 1 : 0);
    }
    return same(before, after) ? before : this.#put('MODIFIED', resource, after);
  }

  remove(resource: Resource, object: StoredObject): StoredObject | undefined {
    const { namespace, name, uid } = object.metadata;
    const before = this.get(resource, namespace, name);
    if (before?.metadata.uid !== uid) return undefined;
    this.#of(resource).delete(key(namespace, name));
    return this.#record('DELETED', resource, before, before);
  }

  /** Changes after a version; throws 410 where they are no longer all known. */
  changesSince(resourceVersion: number): readonly Change[] {
    if (resourceVersion < this.#forgotten) {
      throw expired(`too old resource version: ${resourceVersion} (${this.#forgotten})`);
    }
    return this.#history.filter(change => change.resourceVersion > resourceVersion);
  }

  /** Drops the history, so that older versions and continue tokens are answered with 410. */
  forget(): void {
    this.#resourceVersion += 1;
    this.#forgotten = this.#resourceVersion;
    this.#history = [];
  }

  get forgotten(): number {
    return this.#forgotten;
  }

  onChange(listener: (change: Change) => void): () => void {
    this.#emitter.on('change', listener);
    return () => this.#emitter.off('change', listener);
  }

  snapshot(): Snapshot {
    const objects = RESOURCES.flatMap(resource =>
      this.list(resource).map(object => ({ resource: qualified(resource), object })),
    );
    return { resourceVersion: this.#resourceVersion, objects };
  }

  restore({ resourceVersion, objects }: Snapshot): void {
    for (const { resource: name, object } of objects) {
      const resource = RESOURCES.find(candidate => qualified(candidate) === name);
      if (resource !== undefined) {
        this.#of(resource).set(key(object.metadata.namespace, object.metadata.name), object);
      }
    }
    this.#resourceVersion = resourceVersion;
    this.#forgotten = resourceVersion;
  }

  /** Seconds, as the API prints times. */
  time(): string {
    return this.now()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z');
  }

  #put(type: 'ADDED' | 'MODIFIED', resource: Resource, object: StoredObject): StoredObject {
    const { namespace, name } = object.metadata;
    const before = this.get(resource, namespace, name);
    const stored = this.#record(type, resource, object, before);
    this.#of(resource).set(key(namespace, name), stored);
    return stored;
  }

  #record(
    type: Change['type'],
    resource: Resource,
    object: StoredObject,
    before: StoredObject | undefined,
  ): StoredObject {
    this.#resourceVersion += 1;
    const resourceVersion = this.#resourceVersion;
    const metadata = { ...object.metadata, resourceVersion: String(resourceVersion) };
    const stored = structuredClone({ ...object, metadata });
    const change: Change = { type, resource, object: stored, before, resourceVersion };
    this.#history.push(change);
    if (this.#history.length > KEPT_CHANGES) this.#forgotten = this.#history.shift()?.resourceVersion ?? 0;
    // Listeners hear of it once the write is through, as over a watch.
    queueMicrotask(() => this.#emitter.emit('change', change));
    return stored;
  }

  #of(resource: Resource): Map<string, StoredObject> {
    const name = qualified(resource);
    let objects = this.#objects.get(name);
    if (objects === undefined) this.#objects.set(name, (objects = new Map<string, StoredObject>()));
    return objects;
  }
}

const key = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`;

const wantedOf = (object: StoredObject): unknown => ({
  ...object,
  metadata: object.metadata.deletionTimestamp,
  status: undefined,
});

/** Equal as JSON, whatever the order of keys; a key without value counts as none. */
export function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
