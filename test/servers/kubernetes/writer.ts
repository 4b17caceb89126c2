import { checkDeclared } from './apply/declared';
import { withDefaults } from './apply/defaults';
import { applyFields, type Manager, updateFields } from './apply/managers';
import { validate } from './apply/validation';
import type { StoredObject } from './object';
import { invalid, notFound } from './refused';
import { groupVersionOf, type Kind, type Resource, RESOURCES } from './resources';
import { same, type Store } from './store';

export interface WriteOptions {
  readonly manager: string;
  readonly dryRun?: boolean;
}

export interface Written {
  readonly object: StoredObject;
  readonly created: boolean;
}

const CONTROLLER = 'kube-controller-manager';

/** Every write goes through here: defaults, validation, ownership of fields, then the store. */
export class Writer {
  constructor(readonly store: Store) {}

  apply(
    resource: Resource,
    applied: StoredObject,
    { manager, dryRun = false, force }: WriteOptions & { readonly force: boolean },
  ): Written {
    const { namespace, name } = applied.metadata;
    checkDeclared(applied);
    const live = this.store.get(resource, namespace, name);
    const wanted = { ...applied };
    Reflect.deleteProperty(wanted, 'status');
    const by = this.#manager(manager, 'Apply', applied.apiVersion);
    const merged = applyFields({ live, applied: wanted, manager: by, force });
    return this.#write(resource, live, merged, dryRun);
  }

  create(resource: Resource, object: StoredObject, { manager, dryRun = false }: WriteOptions): Written {
    checkDeclared(object);
    const by = this.#manager(manager, 'Update', object.apiVersion);
    return this.#write(resource, undefined, updateFields(undefined, withDefaults(object), by), dryRun);
  }

  replace(
    resource: Resource,
    live: StoredObject,
    object: StoredObject,
    { manager, dryRun = false }: WriteOptions,
  ): Written {
    const kept = { ...object, metadata: { ...object.metadata, uid: live.metadata.uid } };
    const by = this.#manager(manager, 'Update', object.apiVersion);
    return this.#write(resource, live, updateFields(live, withDefaults(kept), by), dryRun);
  }

  /** A controller's own change of an object as it is now; nothing happens where it is gone. */
  change<T extends StoredObject>(resource: Kind<T>, object: T, change: (draft: T) => void): void {
    const { namespace, name, uid } = object.metadata;
    const live = this.store.get(resource, namespace, name);
    if (live?.metadata.uid !== uid) return;
    const draft = structuredClone(live);
    change(draft);
    if (!same(live, draft)) this.replace(resource, live, draft, { manager: CONTROLLER });
  }

  #write(resource: Resource, live: StoredObject | undefined, wanted: StoredObject, dryRun: boolean): Written {
    const object = withDefaults(wanted);
    validate(resource, object, live);
    if (live === undefined) this.#requireNamespace(resource, object);
    if (dryRun) return { object: this.#imagine(resource, live, object), created: live === undefined };
    if (live === undefined) return { object: this.store.create(resource, object), created: true };
    return { object: this.store.replace(resource, object), created: false };
  }

  /** What a dry run answers: a new object has no version, a changed one that of the object before. */
  #imagine(resource: Resource, live: StoredObject | undefined, object: StoredObject): StoredObject {
    const metadata = { ...object.metadata };
    if (live === undefined) {
      metadata.uid = '00000000-0000-0000-0000-000000000000';
      metadata.creationTimestamp = this.store.time();
      Reflect.deleteProperty(metadata, 'resourceVersion');
      if (resource.counted === true) metadata.generation = 1;
    }
    return { ...object, metadata };
  }

  #requireNamespace(resource: Resource, { kind, metadata }: StoredObject): void {
    if (!resource.namespaced) return;
    const name = metadata.namespace ?? '';
    if (name === '') {
      const field = 'metadata.namespace';
      const cause = { reason: 'FieldValueRequired', message: 'Required value', field };
      throw invalid({ kind, group: resource.group, name: metadata.name }, [cause]);
    }
    const namespaces = RESOURCES.find(({ plural }) => plural === 'namespaces');
    if (namespaces !== undefined && this.store.get(namespaces, undefined, name) === undefined) {
      throw notFound('namespaces', '', name);
    }
  }

  #manager(name: string, operation: Manager['operation'], apiVersion: string): Manager {
    return { name, operation, apiVersion, time: this.store.time() };
  }
}

/** The object in the version that was asked for: only HorizontalPodAutoscaler has two, told apart by name. */
export function inVersion(resource: Resource, object: StoredObject, version: string): StoredObject {
  return { ...object, apiVersion: groupVersionOf(resource.group, version) };
}
