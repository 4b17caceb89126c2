import { count, type Decoded, flag, object, optional, parseWith, record, text } from '../parse/decoder';
import { conditions, metadata } from './metadata';
import { podSpec } from './pod';

const selector = object({ matchLabels: optional(record(text)) });
const template = object({
  metadata: optional(object({ labels: optional(record(text)), annotations: optional(record(text)) })),
  spec: podSpec,
});

/** The fields of a Deployment that health and the portal read (Kubernetes API apps/v1). */
export const deploymentObject = object({
  metadata,
  spec: object({
    replicas: optional(count),
    paused: optional(flag),
    progressDeadlineSeconds: optional(count),
    selector,
    template,
  }),
  status: optional(
    object({
      observedGeneration: optional(count),
      replicas: optional(count),
      updatedReplicas: optional(count),
      readyReplicas: optional(count),
      availableReplicas: optional(count),
      unavailableReplicas: optional(count),
      conditions,
    }),
  ),
});
export type DeploymentObject = Decoded<typeof deploymentObject>;
export const parseDeployment = (value: unknown): DeploymentObject =>
  parseWith(deploymentObject, value, 'Deployment');

/** The fields of a ReplicaSet that find a Deployment's newest revision (Kubernetes API apps/v1). */
export const replicaSet = object({
  metadata,
  spec: object({ replicas: optional(count), selector: optional(selector), template: optional(template) }),
  status: optional(
    object({
      observedGeneration: optional(count),
      replicas: optional(count),
      fullyLabeledReplicas: optional(count),
      readyReplicas: optional(count),
      availableReplicas: optional(count),
      conditions,
    }),
  ),
});
export type ReplicaSet = Decoded<typeof replicaSet>;
export const parseReplicaSet = (value: unknown): ReplicaSet => parseWith(replicaSet, value, 'ReplicaSet');
