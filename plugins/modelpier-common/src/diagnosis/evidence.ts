import {
  count,
  type Decoded,
  flag,
  list,
  literal,
  object,
  optional,
  parseWith,
  text,
} from '../parse/decoder';
import { condition } from '../workload/metadata';
import { objectRef } from '../workload/object-ref';
import { containerState, resourceList } from '../workload/pod';
import { status } from '../workload/status';

/** What the kubelet asks a container, as the manifest has it and Kubernetes' defaults complete it. */
export const probe = object({
  by: literal('http', 'tcp', 'exec', 'grpc'),
  port: optional(text),
  path: optional(text),
  initialDelaySeconds: count,
  periodSeconds: count,
  timeoutSeconds: count,
  failureThreshold: count,
});
export type Probe = Decoded<typeof probe>;

export const PROBE_KINDS = ['startup', 'readiness', 'liveness'] as const;
export type ProbeKind = (typeof PROBE_KINDS)[number];

export const containerEvidence = object({
  name: text,
  isInit: flag,
  image: optional(text),
  imageId: optional(text),
  ready: flag,
  restarts: count,
  state: optional(containerState),
  lastState: optional(containerState),
  requests: optional(resourceList),
  limits: optional(resourceList),
  ports: list(text),
  startup: optional(probe),
  readiness: optional(probe),
  liveness: optional(probe),
  /** Last lines, oldest first: of the run that goes on or ended last, and of the one before. */
  log: optional(list(text)),
  previousLog: optional(list(text)),
});
export type ContainerEvidence = Decoded<typeof containerEvidence>;

export const podEvidence = object({
  ref: objectRef,
  node: optional(text),
  phase: optional(text),
  reason: optional(text),
  message: optional(text),
  conditions: list(condition),
  /** What the scheduler has to find for the pod as a whole. */
  requests: resourceList,
  containers: list(containerEvidence),
});
export type PodEvidence = Decoded<typeof podEvidence>;

/** What the cluster says it did or could not do; one that repeats is counted. */
export const eventEvidence = object({
  object: objectRef,
  container: optional(text),
  type: text,
  reason: text,
  message: text,
  count,
  lastAt: optional(text),
});
export type EventEvidence = Decoded<typeof eventEvidence>;

export const nodeEvidence = object({
  name: text,
  architecture: optional(text),
  isReady: flag,
  /** Conditions of trouble that hold: `DiskPressure`. */
  troubles: list(text),
  allocatable: resourceList,
  /** What the pods on it request; nothing where not all pods could be read. */
  requested: optional(resourceList),
});
export type NodeEvidence = Decoded<typeof nodeEvidence>;

/** An applied object that is not well, with what its controller says. */
export const objectEvidence = object({ ref: objectRef, status, conditions: list(condition) });
export type ObjectEvidence = Decoded<typeof objectEvidence>;

/** How a failed release stood before anything was undone; bounded, as reports and ledgers hold it. */
export const evidence = object({
  capturedAt: text,
  objects: list(objectEvidence),
  pods: list(podEvidence),
  events: list(eventEvidence),
  nodes: list(nodeEvidence),
  /** What could not be read, and why. */
  gaps: list(text),
});
export type Evidence = Decoded<typeof evidence>;
export const parseEvidence = (json: unknown): Evidence => parseWith(evidence, json, 'evidence');
