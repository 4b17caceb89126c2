import { controllerOf, type StoredObject } from '../object';
import { type Resource, RESOURCES } from '../resources';
import type { Change } from '../store';
import type { ControllerContext } from './context';
import { reconcileDeployment } from './deployment';
import { DISRUPTION_BUDGETS, reconcileDisruptionBudget } from './disruption-budget';
import { Kubelet } from './kubelet';
import type { RunContainer } from './outcome';
import { reconcileReplicaSet } from './replica-set';
import { schedule } from './scheduler';
import {
  type Deployment,
  DEPLOYMENTS,
  isTerminating,
  NODES,
  type Pod,
  PODS,
  type ReplicaSet,
  REPLICA_SETS,
} from './workload';

const WORKED_ON: readonly Resource[] = [DEPLOYMENTS, REPLICA_SETS, PODS, DISRUPTION_BUDGETS];

/** Looks at each change and wakes the controllers that it concerns, each object once per turn. */
export class ControlPlane {
  readonly #waiting = new Map<string, () => void>();
  readonly kubelet: Kubelet;
  #turn: NodeJS.Immediate | undefined;
  readonly #off: () => void;

  constructor(
    private readonly context: ControllerContext,
    runContainer: RunContainer,
  ) {
    this.kubelet = new Kubelet(context, runContainer);
    this.#off = context.store.onChange(change => this.#hear(change));
    const { store } = context;
    for (const resource of WORKED_ON) {
      for (const object of store.list(resource)) this.#wake(resource, object);
    }
  }

  close(): void {
    this.#off();
    clearImmediate(this.#turn);
  }

  /** Marks a pod for its node to end; anything else goes at once, and what it owns after it. */
  remove(resource: Resource, object: StoredObject): void {
    const { store, writer, timings } = this.context;
    if (resource === PODS && (object as Pod).spec.nodeName !== undefined) {
      if (isTerminating(object)) return;
      writer.change(PODS, object as Pod, ({ metadata, spec }) => {
        metadata.deletionTimestamp = store.time();
        metadata.deletionGracePeriodSeconds = Number(spec.terminationGracePeriodSeconds ?? 30);
      });
      this.context.after(timings.stopMs, () => store.remove(PODS, object));
    } else store.remove(resource, object);
  }

  #hear({ resource, object, type }: Change): void {
    if (type === 'DELETED') {
      if (resource === PODS) this.kubelet.forget(object as Pod);
      this.#removeOwned(object);
    } else this.#wake(resource, object);
    this.#wakeOwnersOf(object);
    if (resource === PODS) this.#wakeBudgetsOf(object);
    // Room on a node may be what an unscheduled pod waits for.
    const frees = (resource === PODS && type === 'DELETED') || resource === NODES;
    if (frees) for (const pod of this.context.store.list(PODS)) this.#wake(PODS, pod);
  }

  /** The Deployment too: one that recreates waits for the very last pod, which no count shows. */
  #wakeOwnersOf(object: StoredObject): void {
    const reference = controllerOf(object);
    const resource = WORKED_ON.find(({ kind }) => kind === reference?.kind);
    if (reference === undefined || resource === undefined) return;
    const owner = this.context.store.get(resource, object.metadata.namespace, reference.name);
    if (owner === undefined) return;
    this.#wake(resource, owner);
    this.#wakeOwnersOf(owner);
  }

  #wakeBudgetsOf({ metadata }: StoredObject): void {
    for (const budget of this.context.store.list(DISRUPTION_BUDGETS, metadata.namespace)) {
      this.#wake(DISRUPTION_BUDGETS, budget);
    }
  }

  #wake(resource: Resource, { metadata }: StoredObject): void {
    const { namespace, name } = metadata;
    if (!WORKED_ON.includes(resource)) return;
    this.#waiting.set(`${resource.plural} ${namespace ?? ''}/${name}`, () => {
      const object = this.context.store.get(resource, namespace, name);
      if (object !== undefined) this.#reconcile(resource, object);
    });
    this.#turn ??= setImmediate(() => this.#run());
  }

  #run(): void {
    this.#turn = undefined;
    const work = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const reconcile of work) reconcile();
  }

  #reconcile(resource: Resource, object: StoredObject): void {
    if (resource === DEPLOYMENTS) {
      reconcileDeployment(this.context, object as Deployment, set => this.remove(REPLICA_SETS, set));
    } else if (resource === REPLICA_SETS) {
      reconcileReplicaSet(this.context, object as ReplicaSet, pod => this.remove(PODS, pod));
    } else if (resource === DISRUPTION_BUDGETS) {
      reconcileDisruptionBudget(this.context, object);
    } else if ((object as Pod).spec.nodeName === undefined) schedule(this.context, object as Pod);
    else this.kubelet.sync(object as Pod);
  }

  #removeOwned({ metadata }: StoredObject): void {
    for (const resource of RESOURCES) {
      for (const object of this.context.store.list(resource)) {
        if (object.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid) === true) {
          this.remove(resource, object);
        }
      }
    }
  }
}
