import { podRequest } from '../allocation/pod-request';
import { formatQuantity, type Notation } from '../allocation/quantity';
import {
  type Decoded,
  type Decoder,
  describe,
  integer,
  list,
  object,
  optional,
  parseWith,
  refuse,
  text,
} from '../parse/decoder';
import { type Container, type ContainerStatus, pod, type PodSpec } from '../workload/pod';
import type { ContainerEvidence, PodEvidence, Probe } from './evidence';
import { cut, plainLine, tailOf } from './log-tail';

/** A port by its number or its name, as text. */
const portText: Decoder<string> = (value, path, faults) => {
  if (typeof value === 'string') return value;
  if (Number.isSafeInteger(value)) return String(value);
  return refuse(faults, path, `expected a port's number or name, got ${describe(value)}`);
};
const knock = object({ port: optional(portText), path: optional(text) });
const probeFields = object({
  httpGet: optional(knock),
  tcpSocket: optional(knock),
  grpc: optional(knock),
  exec: optional(object({})),
  initialDelaySeconds: optional(integer),
  periodSeconds: optional(integer),
  timeoutSeconds: optional(integer),
  failureThreshold: optional(integer),
});
const probedContainer = object({
  name: text,
  ports: optional(list(object({ name: optional(text), containerPort: integer }))),
  startupProbe: optional(probeFields),
  readinessProbe: optional(probeFields),
  livenessProbe: optional(probeFields),
});
type ProbedContainer = Decoded<typeof probedContainer>;
const probedPod = object({
  spec: object({ containers: list(probedContainer), initContainers: optional(list(probedContainer)) }),
});

/** More than any message needs that a person is to read. */
const LONGEST_MESSAGE = 1_000;
const MOST_CONTAINERS = 20;

export interface PodLogs {
  /** By the container's name. */
  readonly current: ReadonlyMap<string, readonly string[]>;
  readonly previous: ReadonlyMap<string, readonly string[]>;
}

/** What a pod's object and its containers' logs say, without what nobody reads. */
export function podEvidenceOf(value: unknown, logs: PodLogs): PodEvidence {
  const { metadata, spec, status } = parseWith(pod, value, 'Pod');
  const probed = parseWith(probedPod, value, 'Pod').spec;
  const probes = new Map(
    [...(probed.initContainers ?? []), ...probed.containers].map(each => [each.name, each]),
  );
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const describeAll = (containers: readonly Container[], isInit: boolean): readonly ContainerEvidence[] =>
    containers.map(each => ({
      isInit,
      ...containerOf(
        each,
        statuses.find(({ name }) => name === each.name),
      ),
      ...probesOf(probes.get(each.name)),
      ...logsOf(each.name, logs),
    }));
  return {
    ref: { apiVersion: 'v1', kind: 'Pod', namespace: metadata.namespace, name: metadata.name },
    node: spec.nodeName,
    phase: status?.phase,
    reason: status?.reason,
    message: short(status?.message),
    conditions: (status?.conditions ?? []).map(each => ({ ...each, message: short(each.message) })),
    requests: requestsOf(spec),
    containers: [
      ...describeAll(spec.initContainers ?? [], true),
      ...describeAll(spec.containers, false),
    ].slice(0, MOST_CONTAINERS),
  };
}

const short = (message: string | undefined): string | undefined =>
  message === undefined ? undefined : cut(plainLine(message), LONGEST_MESSAGE);

/** With `FallbackToLogsOnError` the message of a container that ended is the end of its log. */
const tail = (message: string | undefined): string | undefined =>
  message === undefined ? undefined : tailOf(message).join('\n');

type State = ContainerEvidence['state'];

const containerOf = ({ name, image, resources }: Container, status: ContainerStatus | undefined) => ({
  name,
  image,
  imageId: status?.imageID === '' ? undefined : status?.imageID,
  ready: status?.ready ?? false,
  restarts: status?.restartCount ?? 0,
  state: plainState(status?.state),
  lastState: plainState(status?.lastState),
  requests: resources?.requests,
  limits: resources?.limits,
});

function plainState(state: State): State {
  if (state === undefined) return undefined;
  const { waiting, terminated } = state;
  return {
    ...state,
    ...(waiting !== undefined && { waiting: { ...waiting, message: short(waiting.message) } }),
    ...(terminated !== undefined && { terminated: { ...terminated, message: tail(terminated.message) } }),
  };
}

function probesOf(probed: ProbedContainer | undefined) {
  const ports = probed?.ports ?? [];
  const read = (given: GivenProbe | undefined): Probe | undefined =>
    given === undefined ? undefined : { ...askedBy(given, ports), ...rhythmOf(given) };
  return {
    ports: ports.map(({ containerPort }) => String(containerPort)),
    startup: read(probed?.startupProbe),
    readiness: read(probed?.readinessProbe),
    liveness: read(probed?.livenessProbe),
  };
}

type GivenProbe = NonNullable<ProbedContainer['readinessProbe']>;

function askedBy(
  { httpGet, tcpSocket, grpc }: GivenProbe,
  ports: NonNullable<ProbedContainer['ports']>,
): Pick<Probe, 'by' | 'port' | 'path'> {
  const portOf = ({ port }: { port?: string | undefined }): string | undefined => {
    const named = ports.find(({ name }) => name === port);
    return named === undefined ? port : String(named.containerPort);
  };
  if (httpGet !== undefined) return { by: 'http', port: portOf(httpGet), path: httpGet.path ?? '/' };
  if (tcpSocket !== undefined) return { by: 'tcp', port: portOf(tcpSocket) };
  return grpc === undefined ? { by: 'exec' } : { by: 'grpc', port: portOf(grpc) };
}

/** Completed as Kubernetes does (core/v1 Probe). */
const rhythmOf = ({
  initialDelaySeconds = 0,
  periodSeconds = 10,
  timeoutSeconds = 1,
  failureThreshold = 3,
}: GivenProbe): Omit<Probe, 'by' | 'port' | 'path'> => ({
  initialDelaySeconds,
  periodSeconds,
  timeoutSeconds,
  failureThreshold,
});

/** A container that dies of the same each time says the same each time. */
function logsOf(
  name: string,
  { current, previous }: PodLogs,
): Pick<ContainerEvidence, 'log' | 'previousLog'> {
  const [log, previousLog] = [current.get(name), previous.get(name)];
  const isSame = log !== undefined && log.join('\n') === previousLog?.join('\n');
  return { log, previousLog: isSame ? undefined : previousLog };
}

/** In whatever the pod's containers ask for. */
export function requestsOf(spec: PodSpec): Readonly<Record<string, string>> {
  const all = [...spec.containers, ...(spec.initContainers ?? [])].map(({ resources }) => resources);
  const names = new Set(
    [...all, spec.resources].flatMap(each => [
      ...Object.keys(each?.requests ?? {}),
      ...Object.keys(each?.limits ?? {}),
    ]),
  );
  return Object.fromEntries(
    [...names].map(name => [
      name,
      formatQuantity({ nano: podRequest(spec, name), notation: notationOf(name) }),
    ]),
  );
}

export const notationOf = (resource: string): Notation =>
  resource === 'memory' || resource.endsWith('storage') ? 'binary' : 'decimal';
