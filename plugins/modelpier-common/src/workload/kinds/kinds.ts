import { parseDeployment } from '../deployment';
import type { HealthContext } from '../health-context';
import type { ObjectRef } from '../object-ref';
import { parsePod } from '../pod';
import type { Status } from '../status';
import { rolloutHealth } from './argo-rollout';
import { cronJobHealth } from './cron-job';
import { definitionHealth } from './custom-resource-definition';
import { daemonSetHealth } from './daemon-set';
import { deploymentHealth } from './deployment';
import { canaryHealth } from './flagger-canary';
import { autoscalerHealth } from './horizontal-pod-autoscaler';
import { httpRouteHealth } from './http-route';
import { inferenceServiceHealth } from './inference-service';
import { jobHealth } from './job';
import { namespaceHealth } from './namespace';
import { claimHealth } from './persistent-volume-claim';
import { podHealth } from './pod';
import { replicaSetHealth } from './replica-set';
import { NO_LOAD_BALANCER, serviceHealth } from './service';
import { statefulSetHealth } from './stateful-set';

export interface Kind {
  /** Its controller writes `status.observedGeneration`; until then its status is that of an older spec. */
  readonly observes?: boolean;
  /** Without one the generic rules go on. */
  readonly rule?: (value: unknown, context: HealthContext) => Status;
  /** Whether a release is told of an object that stands for this reason, but does not wait for it. */
  readonly toldOnly?: (reason: string) => boolean;
}

const always = (): boolean => true;

/** By API group and kind, whatever the version. */
const KINDS: Readonly<Record<string, Kind>> = {
  'apps/Deployment': {
    observes: true,
    rule: (value, context) => deploymentHealth(parseDeployment(value), context),
  },
  'apps/ReplicaSet': { observes: true, rule: replicaSetHealth },
  'apps/StatefulSet': { observes: true, rule: statefulSetHealth },
  'apps/DaemonSet': { observes: true, rule: daemonSetHealth },
  'batch/Job': { rule: jobHealth },
  'batch/CronJob': { rule: cronJobHealth },
  'autoscaling/HorizontalPodAutoscaler': { observes: true, rule: autoscalerHealth, toldOnly: always },
  'policy/PodDisruptionBudget': { observes: true },
  '/Pod': { rule: (value, context) => podHealth(parsePod(value), context) },
  '/Namespace': { rule: namespaceHealth },
  '/PersistentVolumeClaim': { rule: claimHealth },
  '/Service': { rule: serviceHealth, toldOnly: reason => reason === NO_LOAD_BALANCER },
  'networking.k8s.io/Ingress': { toldOnly: always },
  'gateway.networking.k8s.io/HTTPRoute': { rule: httpRouteHealth },
  'apiextensions.k8s.io/CustomResourceDefinition': { rule: definitionHealth },
  'serving.kserve.io/InferenceService': { rule: inferenceServiceHealth },
  'argoproj.io/Rollout': { rule: rolloutHealth },
  'flagger.app/Canary': { rule: canaryHealth },
};

export const kindOf = ({ apiVersion, kind }: Pick<ObjectRef, 'apiVersion' | 'kind'>): Kind => {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  const name = `${group}/${kind}`;
  return Object.hasOwn(KINDS, name) ? (KINDS[name] ?? {}) : {};
};
