import {
  formatDeployed,
  formatReference,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  type Model,
  MODEL_LABEL,
  ModelpierError,
  type Reference,
  type RunFacts,
  stampRunFacts,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { autoscaler, disruptionBudget } from './autoscaling';
import { networkPolicy } from './network-policy';
import { podTemplate } from './pod-template';

/** What the objects of one model are made from. */
export interface GenerateOptions {
  readonly model: Model;
  /** With its digest: a tag may move under running pods. */
  readonly image: Reference;
  /** Nothing is applied, so that an image which is yet to be pushed may be named by its tag. */
  readonly isPlan?: boolean | undefined;
  readonly namespace: string;
  readonly runFacts: RunFacts;
  /** Every `group/version` the cluster serves, which decides the version of autoscaler and budget. */
  readonly served: readonly string[];
  /** The action's input, which wins over `scaling.replicas`. */
  readonly replicas?: number | undefined;
}

const DEFAULT_PORT = 8080;
/** What callers write in a URL; the container's own port stays its own affair. */
const SERVICE_PORT = 80;
/** Kubernetes' own default, written out because the wait for the rollout is built on it. */
const PROGRESS_DEADLINE_SECONDS = 600;

/** Labels by which the Service, the budget and the Deployment find the model's pods; they never change. */
const selectorLabels = (name: string): Record<string, string> => ({ [MODEL_LABEL]: name });

/** The objects that serve a model, valid under the Pod Security Standard "restricted". */
export function generateManifests(options: GenerateOptions): readonly KubernetesObject[] {
  const { model, image, isPlan = false, namespace } = options;
  if (image.digest === undefined && !isPlan) {
    throw new ModelpierError('invalid-input', `generate manifests: ${formatReference(image)} has no digest`, {
      hint: 'deploy repository@sha256:..., for a tag may move',
    });
  }
  const { name } = model.metadata;
  const metadata = {
    name,
    namespace,
    labels: {
      'app.kubernetes.io/name': name,
      [MANAGED_BY_LABEL]: MANAGED_BY,
      [MODEL_LABEL]: name,
    },
  };
  return [
    service(model, metadata),
    deployment(options, metadata),
    ...scalingObjects(options, metadata),
    ...networkObjects(options, metadata),
  ];
}

function scalingObjects(options: GenerateOptions, metadata: ObjectMetadata): readonly KubernetesObject[] {
  const { model, served } = options;
  const { maxReplicas, targetCPU } = model.spec.scaling ?? {};
  if (maxReplicas === undefined) return [];
  const minReplicas = replicasOf(options) ?? 1;
  if (minReplicas < 1 || minReplicas > maxReplicas) {
    throw new ModelpierError(
      'invalid-input',
      `generate manifests: replicas is ${minReplicas}, and the autoscaler keeps them from 1 to the ${maxReplicas} of scaling.maxReplicas`,
      { hint: 'set the input `replicas`, or scaling.maxReplicas in the model file, so that they agree' },
    );
  }
  const scaling = { metadata, served, minReplicas, maxReplicas };
  return [
    autoscaler({ ...scaling, targetCpu: targetCPU }),
    disruptionBudget({ ...scaling, selector: selectorLabels(metadata.name) }),
  ];
}

function networkObjects(
  { model, served }: GenerateOptions,
  metadata: ObjectMetadata,
): readonly KubernetesObject[] {
  const { network } = model.spec;
  if (network === undefined) return [];
  const selector = selectorLabels(metadata.name);
  return [networkPolicy({ metadata, served, selector, port: portOf(model), ...network })];
}

type ObjectMetadata = KubernetesObject['metadata'];

/** Where a model serves. */
export const portOf = ({ spec }: Model): number => spec.runtime?.port ?? DEFAULT_PORT;

const replicasOf = ({ replicas, model }: GenerateOptions): number | undefined =>
  replicas ?? model.spec.scaling?.replicas;

function deployment(options: GenerateOptions, metadata: ObjectMetadata): KubernetesObject {
  const { model, image, runFacts } = options;
  const { name } = model.metadata;
  const replicas = replicasOf(options);
  // An autoscaler owns the count; where nobody asked for one, whoever scales by hand does.
  const isScaledByUs = model.spec.scaling?.maxReplicas === undefined && replicas !== undefined;
  const object: KubernetesObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      ...(isScaledByUs && { replicas }),
      progressDeadlineSeconds: PROGRESS_DEADLINE_SECONDS,
      // The old pods serve until as many new ones are ready.
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: '25%' } },
      selector: { matchLabels: selectorLabels(name) },
      template: podTemplate({
        model,
        image: formatDeployed(image),
        labels: { ...metadata.labels },
        port: portOf(model),
      }),
    },
  };
  return stampRunFacts(object, runFacts);
}

function service(model: Model, metadata: ObjectMetadata): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: {
      type: 'ClusterIP',
      selector: selectorLabels(model.metadata.name),
      ports: [{ name: 'http', port: SERVICE_PORT, protocol: 'TCP', targetPort: 'http', appProtocol: 'http' }],
    },
  };
}
