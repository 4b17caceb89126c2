import { createHash, randomBytes } from 'node:crypto';
import { type ControllerContext, recordEvent } from './context';
import type { Outcome, RunContainer } from './outcome';
import {
  type Condition,
  type Container,
  type ContainerState,
  type ContainerStatus,
  isTerminating,
  NODES,
  type Pod,
  PODS,
  setCondition,
} from './workload';

/** Kubernetes caps its back-off at five minutes. */
const LONGEST_BACK_OFF_MS = 300_000;

/** Runs the containers of pods that are bound to a node, as far as anyone can see from outside. */
export class Kubelet {
  readonly #begun = new Set<string>();
  readonly #logs = new Map<string, string>();

  constructor(
    private readonly context: ControllerContext,
    private readonly runContainer: RunContainer,
  ) {}

  logOf(pod: Pod, container: string): string {
    return this.#logs.get(`${pod.metadata.uid} ${container}`) ?? '';
  }

  /** Begins with a pod that is new to its node; a pod that ran before a restart of the server goes on. */
  sync(pod: Pod): void {
    const { uid } = pod.metadata;
    if (isTerminating(pod) || this.#begun.has(uid)) return;
    this.#begun.add(uid);
    const { containerStatuses } = pod.status;
    if (containerStatuses?.every(({ state }) => state.running !== undefined) !== true) this.#admit(pod);
    for (const container of pod.spec.containers) {
      const known = containerStatuses?.find(({ name }) => name === container.name);
      if (known?.state.running === undefined)
        this.#later(this.context.timings.startMs, () => this.#start(pod, container, 0));
      else if (!known.ready)
        this.#later(this.context.timings.readyMs, () => this.#start(pod, container, known.restartCount));
    }
  }

  forget(pod: Pod): void {
    this.#begun.delete(pod.metadata.uid);
  }

  #later(ms: number, run: () => Promise<void>): void {
    this.context.after(ms, () => void run().catch((error: unknown) => console.error('kubelet:', error)));
  }

  #admit(pod: Pod): void {
    const time = this.context.store.time();
    const node = this.context.store.get(NODES, undefined, pod.spec.nodeName ?? '');
    this.context.writer.change(PODS, pod, ({ spec, status, metadata }) => {
      status.phase = 'Pending';
      status.startTime ??= time;
      status.hostIP = node?.status.addresses?.[0]?.address ?? '192.0.2.1';
      status.podIP ??= addressOf(metadata.uid);
      status.podIPs = [{ ip: status.podIP }];
      status.containerStatuses ??= spec.containers.map(({ name, image }) => ({
        name,
        image,
        imageID: '',
        ready: false,
        started: false,
        restartCount: 0,
        state: { waiting: { reason: 'ContainerCreating' } },
        lastState: {},
      }));
      setPodConditions(status, time);
    });
  }

  async #start(pod: Pod, container: Container, restarts: number): Promise<void> {
    const { image } = container;
    this.#tell(pod, 'Normal', 'Pulling', `Pulling image "${image}"`);
    const outcome = await this.runContainer(container, pod);
    if (this.#current(pod) === undefined) return;
    if (outcome.kind === 'image-missing') this.#missImage(pod, container, outcome, 0);
    else this.#run(pod, container, outcome, restarts);
  }

  #missImage(
    pod: Pod,
    container: Container,
    outcome: Outcome & { kind: 'image-missing' },
    tries: number,
  ): void {
    const { image, name } = container;
    const { reason = 'ErrImagePull', message } = outcome;
    this.#set(pod, name, status => {
      status.state = { waiting: { reason, message } };
    });
    this.#tell(pod, 'Warning', 'Failed', `Failed to pull image "${image}": ${message}`);
    this.#tell(pod, 'Warning', 'Failed', `Error: ${reason}`);
    if (reason !== 'ErrImagePull') return;
    const pause = this.#backOffMs(tries);
    this.context.after(pause / 2, () => {
      const text = `Back-off pulling image "${image}"`;
      this.#set(pod, name, status => {
        status.state = { waiting: { reason: 'ImagePullBackOff', message: text } };
      });
      this.#tell(pod, 'Normal', 'BackOff', text);
    });
    this.#later(pause, async () => {
      if (this.#current(pod) === undefined) return;
      const again = await this.runContainer(container, pod);
      if (again.kind === 'image-missing') this.#missImage(pod, container, again, tries + 1);
      else this.#run(pod, container, again, 0);
    });
  }

  #run(
    pod: Pod,
    container: Container,
    outcome: Exclude<Outcome, { kind: 'image-missing' }>,
    restarts: number,
  ): void {
    const { name, image } = container;
    const startedAt = this.context.store.time();
    const containerID = `containerd://${randomBytes(32).toString('hex')}`;
    this.#tell(pod, 'Normal', 'Pulled', `Successfully pulled image "${image}"`);
    this.#tell(pod, 'Normal', 'Created', `Created container ${name}`);
    this.#tell(pod, 'Normal', 'Started', `Started container ${name}`);
    this.#set(pod, name, status => {
      Object.assign(status, { imageID: outcome.imageId, containerID, started: true, restartCount: restarts });
      status.state = { running: { startedAt } };
    });
    if (outcome.kind === 'crashed') {
      if (outcome.log !== undefined) this.#logs.set(`${pod.metadata.uid} ${name}`, outcome.log);
      const wait = outcome.afterMs ?? this.context.timings.readyMs;
      this.context.after(wait, () =>
        this.#crash(pod, container, outcome, { restarts, startedAt, containerID }),
      );
      return;
    }
    const { readyAfterMs = this.context.timings.readyMs } = outcome;
    if (readyAfterMs === false) {
      const probe = 'Readiness probe failed';
      this.#tell(pod, 'Warning', 'Unhealthy', probe);
    } else this.context.after(readyAfterMs, () => this.#set(pod, name, status => void (status.ready = true)));
  }

  #crash(
    pod: Pod,
    container: Container,
    outcome: Outcome & { kind: 'crashed' },
    run: { readonly restarts: number; readonly startedAt: string; readonly containerID: string },
  ): void {
    const { exitCode, reason = 'Error', message } = outcome;
    const { restarts, startedAt, containerID } = run;
    const finishedAt = this.context.store.time();
    const terminated: ContainerState['terminated'] = { exitCode, reason, startedAt, finishedAt, containerID };
    if (message !== undefined) terminated.message = message;
    const ended: ContainerState = { terminated };
    const { name } = container;
    const down = (state: ContainerState, lastState: ContainerState): void =>
      this.#set(pod, name, status =>
        Object.assign(status, { state, lastState, ready: false, started: false }),
      );
    down(ended, {});
    if (restarts === 0) {
      // The first restart comes at once, later ones after a pause.
      this.#later(this.context.timings.readyMs, () => this.#start(pod, container, 1));
      return;
    }
    const pause = this.#backOffMs(restarts - 1);
    const text = `back-off ${Math.ceil(pause / 1000)}s restarting failed container=${name} pod=${pod.metadata.name}`;
    this.context.after(this.context.timings.startMs, () => {
      down({ waiting: { reason: 'CrashLoopBackOff', message: text } }, ended);
      this.#tell(pod, 'Warning', 'BackOff', 'Back-off restarting failed container');
    });
    this.#later(pause, () => this.#start(pod, container, restarts + 1));
  }

  readonly #backOffMs = (tries: number): number =>
    Math.min(this.context.timings.backOffMs * 2 ** tries, LONGEST_BACK_OFF_MS);

  #current(pod: Pod): Pod | undefined {
    const { namespace, name, uid } = pod.metadata;
    const current = this.context.store.get(PODS, namespace, name);
    return current?.metadata.uid === uid && !isTerminating(current) ? current : undefined;
  }

  #set(pod: Pod, container: string, change: (status: ContainerStatus) => void): void {
    if (this.#current(pod) === undefined) return;
    const time = this.context.store.time();
    this.context.writer.change(PODS, pod, ({ status }) => {
      const found = status.containerStatuses?.find(({ name }) => name === container);
      if (found === undefined) return;
      change(found);
      setPodConditions(status, time);
    });
  }

  #tell(pod: Pod, type: 'Normal' | 'Warning', reason: string, message: string): void {
    recordEvent(this.context, pod, { type, reason, message, component: 'kubelet' });
  }
}

function setPodConditions(status: Pod['status'], time: string): void {
  const containers = status.containerStatuses ?? [];
  if (
    containers.every(
      ({ state }) =>
        state.waiting?.reason !== 'ContainerCreating' && state.waiting?.reason !== 'ErrImagePull',
    )
  ) {
    const hasRun = containers.every(({ containerID }) => containerID !== undefined);
    status.phase = hasRun ? 'Running' : 'Pending';
  }
  const unready = containers.filter(({ ready }) => !ready).map(({ name }) => name);
  const readiness: Omit<Condition, 'type'> =
    unready.length === 0
      ? { status: 'True' }
      : {
          status: 'False',
          reason: 'ContainersNotReady',
          message: `containers with unready status: [${unready.join(' ')}]`,
        };
  let conditions = setCondition(status.conditions, { type: 'Initialized', status: 'True' }, time);
  for (const type of ['Ready', 'ContainersReady'])
    conditions = setCondition(conditions, { type, ...readiness }, time);
  status.conditions = conditions;
}

/** From the range that is set aside for documentation and tests (RFC 5737, RFC 2544). */
function addressOf(uid: string): string {
  const [a = 0, b = 0] = createHash('sha256').update(uid).digest();
  return `198.18.${a}.${Math.max(1, b)}`;
}
