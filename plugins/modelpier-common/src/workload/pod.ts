import {
  count,
  type Decoded,
  type Decoder,
  flag,
  integer,
  list,
  object,
  optional,
  parseWith,
  record,
  text,
  unknownValue,
} from '../parse/decoder';
import { conditions, metadata } from './metadata';

/** A quantity as written: the API server answers strings, people also write numbers. */
export const quantityText: Decoder<string> = (value, path, faults) =>
  typeof value === 'number' && Number.isFinite(value) ? String(value) : text(value, path, faults);
export const resourceList = record(quantityText);
export type ResourceList = Decoded<typeof resourceList>;

export const container = object({
  name: text,
  image: optional(text),
  /** `Always` on an init container makes it a sidecar. */
  restartPolicy: optional(text),
  resources: optional(object({ requests: optional(resourceList), limits: optional(resourceList) })),
  ports: optional(list(object({ name: optional(text), containerPort: count, protocol: optional(text) }))),
  readinessProbe: optional(unknownValue),
  startupProbe: optional(unknownValue),
});
export type Container = Decoded<typeof container>;

/** Which tainted nodes a pod may be scheduled on (Kubernetes API core/v1 Toleration). */
export const toleration = object({
  key: optional(text),
  operator: optional(text),
  value: optional(text),
  effect: optional(text),
});
export type Toleration = Decoded<typeof toleration>;

export const podSpec = object({
  nodeName: optional(text),
  /** Labels of the nodes that it may be scheduled on. */
  nodeSelector: optional(record(text)),
  tolerations: optional(list(toleration)),
  /** Requests and limits of the pod as a whole; they take the place of the containers' sums. */
  resources: optional(object({ requests: optional(resourceList), limits: optional(resourceList) })),
  containers: list(container),
  initContainers: optional(list(container)),
  overhead: optional(resourceList),
});
export type PodSpec = Decoded<typeof podSpec>;

const terminated = object({
  exitCode: integer,
  signal: optional(integer),
  reason: optional(text),
  message: optional(text),
  startedAt: optional(text),
  finishedAt: optional(text),
});
export const containerState = object({
  waiting: optional(object({ reason: optional(text), message: optional(text) })),
  running: optional(object({ startedAt: optional(text) })),
  terminated: optional(terminated),
});
export const containerStatus = object({
  name: text,
  image: optional(text),
  /** `<repository>@<digest>`, at times with a scheme in front, once the image was pulled. */
  imageID: optional(text),
  ready: flag,
  restartCount: count,
  state: optional(containerState),
  lastState: optional(containerState),
});
export type ContainerStatus = Decoded<typeof containerStatus>;

/** The fields of a Pod that health, allocation and the portal read (Kubernetes API core/v1). */
export const pod = object({
  metadata,
  spec: podSpec,
  status: optional(
    object({
      phase: optional(text),
      reason: optional(text),
      message: optional(text),
      podIP: optional(text),
      startTime: optional(text),
      conditions,
      initContainerStatuses: optional(list(containerStatus)),
      containerStatuses: optional(list(containerStatus)),
    }),
  ),
});
export type Pod = Decoded<typeof pod>;
export const parsePod = (value: unknown): Pod => parseWith(pod, value, 'Pod');
