import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Status } from '../workload/status';
import { eventEvidenceOf } from './event-evidence';
import type { Evidence, PodEvidence } from './evidence';
import { tailOf } from './log-tail';
import { nodeEvidenceOf } from './node-evidence';
import { podEvidenceOf } from './pod-evidence';

interface CapturedPod {
  readonly pod: unknown;
  readonly events: readonly unknown[];
  readonly log?: string;
  readonly previousLog?: string;
}

/** As a cluster answered them (Kubernetes 1.20.2, containerd 1.6), without the fields that nobody reads. */
const captured = JSON.parse(readFileSync(join(__dirname, 'captured.fixture.json'), 'utf8')) as {
  readonly node: unknown;
  readonly refused: Readonly<Record<string, string>>;
  readonly pods: Readonly<Record<string, CapturedPod>>;
};

export const NODE = nodeEvidenceOf(captured.node, undefined);

const FAILED: Status = { state: 'Failed', reason: 'Failed', message: 'it failed' };

export const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'models', name: 'mnist' };

export const evidenceWith = (over: Partial<Evidence> = {}): Evidence => ({
  capturedAt: '2026-03-01T12:00:00Z',
  objects: [{ ref: DEPLOYMENT, status: FAILED, conditions: [] }],
  pods: [],
  events: [],
  nodes: [NODE],
  gaps: [],
  ...over,
});

/** Of a pod of the cluster, by what ailed it. */
export function capturedPod(name: string): Evidence {
  const found = captured.pods[name];
  if (found === undefined) throw new Error(`no pod ${name} was captured`);
  const pod = podEvidenceOf(found.pod, { current: new Map(), previous: new Map() });
  const [first] = pod.containers;
  const containers = pod.containers.map(each =>
    each === first
      ? { ...each, log: tailOf(found.log ?? ''), previousLog: tailOf(found.previousLog ?? '') }
      : each,
  );
  return evidenceWith({ pods: [{ ...pod, containers }], events: found.events.map(eventEvidenceOf) });
}

/** Of a Deployment whose pods the API server refused. */
export const capturedRefusal = (name: string): Evidence => refusedWith(captured.refused[name] ?? '');

export const refusedWith = (message: string): Evidence =>
  evidenceWith({
    objects: [
      {
        ref: DEPLOYMENT,
        status: FAILED,
        conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message }],
      },
    ],
  });

type ContainerFields = Partial<PodEvidence['containers'][number]>;

/** A pod of one container that is not ready, but for what is given. */
export const podWith = (container: ContainerFields, pod: Partial<PodEvidence> = {}): PodEvidence => ({
  ref: { apiVersion: 'v1', kind: 'Pod', namespace: 'models', name: 'mnist-1' },
  node: 'node1',
  phase: 'Running',
  conditions: [],
  requests: {},
  containers: [{ name: 'model', isInit: false, ready: false, restarts: 0, ports: [], ...container }],
  ...pod,
});

/** The container ended so, and waits to be started again. */
export const ended = (
  terminated: { readonly exitCode: number; readonly reason?: string; readonly message?: string },
  log: readonly string[] = [],
): ContainerFields => ({
  restarts: 3,
  state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting failed container' } },
  lastState: { terminated },
  log,
});
