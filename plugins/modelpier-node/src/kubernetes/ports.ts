import type { ApplyAction, ObjectRef } from '@modelpier/backstage-plugin-modelpier-common';
import type { Waiting } from '../registry/ports';

/** An object as the API server answers it: only what every object has is known before it is parsed. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string | undefined;
    readonly uid?: string | undefined;
    readonly resourceVersion?: string | undefined;
    readonly generation?: number | undefined;
    readonly creationTimestamp?: string | undefined;
    readonly deletionTimestamp?: string | undefined;
    readonly labels?: Readonly<Record<string, string>> | undefined;
    readonly annotations?: Readonly<Record<string, string>> | undefined;
    readonly ownerReferences?:
      readonly { readonly uid: string; readonly kind: string; readonly name: string }[] | undefined;
  };
  readonly [field: string]: unknown;
}

/** Which objects: one kind, in one namespace or (without) in the whole cluster. */
export interface Selection {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

export interface ObjectReader {
  /** `undefined` where there is none. */
  getObject(ref: ObjectRef, options?: Waiting): Promise<KubernetesObject | undefined>;
  /** Every page (`limit=500&continue`, restarted on 410). */
  listObjects(selection: Selection, options?: Waiting): AsyncIterable<KubernetesObject>;
}

export interface ApplyOptions extends Waiting {
  readonly fieldManager: string;
  /** Takes fields from other managers; default false: a conflict throws and names them. */
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

export interface ObjectApplier {
  /** Server-side apply of exactly this object. */
  applyObject(
    object: KubernetesObject,
    options: ApplyOptions,
  ): Promise<{ readonly action: ApplyAction; readonly object: KubernetesObject }>;
}

export interface ObjectPatcher {
  /** JSON merge patch of what is there; with a `metadata.resourceVersion`, a conflict where it has changed. */
  patchObject(
    ref: ObjectRef,
    patch: Readonly<Record<string, unknown>>,
    options: Waiting & { readonly fieldManager: string },
  ): Promise<KubernetesObject>;
}

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubernetesObject;
}

export interface ObjectWatcher {
  /** What is there now as ADDED, then each change; reconnects and lists again on 410 until aborted. */
  watchObjects(selection: Selection, options?: Waiting): AsyncIterable<WatchEvent>;
}

export interface Discovery {
  /** Whether and how the cluster serves a kind; `undefined` where it does not. */
  readonly servedKind: (
    apiVersion: string,
    kind: string,
    options?: Waiting,
  ) => Promise<{ readonly plural: string; readonly namespaced: boolean } | undefined>;
  /** Every `group/version` the cluster serves, for messages and for choosing a version. */
  readonly servedVersions: (options?: Waiting) => Promise<readonly string[]>;
}

export interface DeleteOptions extends Waiting {
  /** Only this very object: a conflict where another has its name since. */
  readonly uid?: string | undefined;
}

export interface ObjectDeleter {
  /** Asks for the deletion, also of what the object owns; false where there was none. Does not wait for the end. */
  deleteObject(ref: ObjectRef, options?: DeleteOptions): Promise<boolean>;
}

export interface LogOptions extends Waiting {
  readonly container: string;
  /** Default 100. */
  readonly tailLines?: number;
  /** Of the container before its last restart. */
  readonly previous?: boolean;
}

export interface LogReader {
  /** The last lines, at most 1 MiB; `undefined` where the container has none (yet). */
  readLog(
    pod: { readonly namespace: string; readonly name: string },
    options: LogOptions,
  ): Promise<string | undefined>;
}

export interface PodRequest {
  readonly method: 'GET' | 'POST';
  /** From the pod's own root, such as `/v2/health/ready`. */
  readonly path: string;
  /** JSON, sent as it is written. */
  readonly body?: string | undefined;
}

export interface PodAnswer {
  readonly status: number;
  readonly text: string;
  /** `undefined` where the answer is not JSON. */
  readonly json: unknown;
}

export interface PodCaller {
  /**
   * What the pod answers, of any status. Throws where the API server does not let the request through (`forbidden`)
   * or does not reach the pod (`upstream`). It is sent once.
   */
  callPod(
    pod: { readonly namespace: string; readonly name: string; readonly port: number },
    request: PodRequest,
    options?: Waiting,
  ): Promise<PodAnswer>;
}

/** Raw reads outside the object API, such as `/api/v1/nodes/n/proxy/stats/summary`. */
export interface RawReader {
  getJson(path: string, options?: Waiting & { readonly maxBytes?: number }): Promise<unknown>;
}

/** Everything a cluster does for us; functions ask for the port they need, never for this. */
export interface ClusterPorts
  extends
    ObjectReader,
    ObjectApplier,
    ObjectPatcher,
    ObjectDeleter,
    ObjectWatcher,
    Discovery,
    LogReader,
    PodCaller,
    RawReader {
  /** The namespace of the kubeconfig's context, else "default". */
  readonly namespace: string;
}
