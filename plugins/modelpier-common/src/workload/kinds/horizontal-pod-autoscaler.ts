import { hasCode } from '../../error';
import { list, object, optional, parseWith } from '../../parse/decoder';
import { findCondition, timestamp } from '../conditions';
import type { HealthContext } from '../health-context';
import { type Condition, condition, conditions, metadata } from '../metadata';
import type { Status } from '../status';
import { verdict } from '../verdict';

const autoscaler = object({ metadata, status: optional(object({ conditions })) });

/** Where autoscaling/v1, which has no conditions, keeps them as JSON. */
const CONDITIONS_ANNOTATION = 'autoscaling.alpha.kubernetes.io/conditions';
/** The first metrics of a new pod come with the second scrape. */
const METRICS_PATIENCE_MS = 120_000;

/** Every condition counts, whatever their order: an autoscaler that can scale may still know no metrics. */
export function autoscalerHealth(value: unknown, context: HealthContext): Status {
  const { metadata: about, status } = parseWith(autoscaler, value, 'HorizontalPodAutoscaler');
  const all = status?.conditions ?? parseConditions(about.annotations?.[CONDITIONS_ANNOTATION]);
  return (
    unable(findCondition(all, 'AbleToScale')) ??
    inactive(findCondition(all, 'ScalingActive'), context) ??
    scaling(all)
  );
}

function parseConditions(json: string | undefined): readonly Condition[] {
  if (json === undefined) return [];
  try {
    return parseWith(list(condition), JSON.parse(json), CONDITIONS_ANNOTATION);
  } catch (error) {
    // Whoever wrote this, it is not the controller.
    if (error instanceof SyntaxError || hasCode(error, 'invalid-document')) return [];
    throw error;
  }
}

const LOST_TARGET = ['FailedGetScale', 'FailedUpdateScale'];

function unable(able: Condition | undefined): Status | undefined {
  const { reason = '', message = 'it cannot read or write the scale of its target' } = able ?? {};
  return able?.status === 'False' && LOST_TARGET.includes(reason)
    ? verdict('Failed', reason, message)
    : undefined;
}

const MISCONFIGURED = ['InvalidSelector', 'InvalidMetricSourceType'];
const NO_METRICS = /^Failed(?:Get\w*Metric|ComputeMetricsReplicas)$/;

function inactive(active: Condition | undefined, context: HealthContext): Status | undefined {
  if (active?.status !== 'False') return undefined;
  const { reason = '', message = 'it is not scaling' } = active;
  if (reason === 'ScalingDisabled') return verdict('Suspended', reason, message);
  if (MISCONFIGURED.includes(reason)) return verdict('Failed', reason, message);
  if (!NO_METRICS.test(reason)) return undefined;
  const since = context.applied?.at ?? timestamp(active.lastTransitionTime) ?? context.now;
  const isLong = context.now - since >= METRICS_PATIENCE_MS;
  return verdict(isLong ? 'Failed' : 'InProgress', reason, message);
}

function scaling(all: readonly Condition[]): Status {
  const limited = findCondition(all, 'ScalingLimited');
  return limited?.status === 'True'
    ? verdict('Current', limited.reason ?? 'ScalingLimited', limited.message ?? 'it wants more than it may')
    : verdict('Current', 'Scaling', all.length === 0 ? 'it has not looked yet' : 'it scales its target');
}
