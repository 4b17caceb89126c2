import { health, isGating } from '../health';
import { applied, at, context, objectOf, type Vector } from '../health.fixture';

type Fields = Record<string, unknown>;
const able = (status = 'True', reason = 'ReadyForNewScale'): Fields => ({
  type: 'AbleToScale',
  status,
  reason,
  message: reason,
});
const active = (status: string, reason: string): Fields => ({
  type: 'ScalingActive',
  status,
  reason,
  message: reason,
  lastTransitionTime: at(10),
});
const limited = (status: string, reason: string): Fields => ({ type: 'ScalingLimited', status, reason });
const v2 = (...conditions: Fields[]): unknown =>
  objectOf('autoscaling/v2', 'HorizontalPodAutoscaler', { metadata: { generation: undefined }, conditions });
/** Version 1 has no conditions; they are kept as JSON in an annotation. */
const v1 = (json: string): unknown =>
  objectOf('autoscaling/v1', 'HorizontalPodAutoscaler', {
    metadata: { generation: undefined, annotations: { 'autoscaling.alpha.kubernetes.io/conditions': json } },
    status: { currentReplicas: 0, desiredReplicas: 0 },
  });
/** As Kubernetes 1.20 writes them where there is no metrics server, times and all. */
const WITHOUT_METRICS =
  '[{"type":"AbleToScale","status":"True","lastTransitionTime":"2026-03-01T11:59:50Z","reason":"SucceededGetScale","message":"the HPA controller was able to get the target\'s current scale"},{"type":"ScalingActive","status":"False","lastTransitionTime":"2026-03-01T11:59:50Z","reason":"FailedGetResourceMetric","message":"the HPA was unable to compute the replica count"}]';
const WITHOUT_TARGET =
  '[{"type":"AbleToScale","status":"False","lastTransitionTime":"2026-03-01T11:59:50Z","reason":"FailedGetScale","message":"deployments.apps \\"nothing\\" not found"}]';

const vectors: Vector[] = [
  ['no condition yet', v2(), {}, 'Current', 'Scaling'],
  [
    'scales',
    v2(able(), active('True', 'ValidMetricFound'), limited('False', 'DesiredWithinRange')),
    {},
    'Current',
    'Scaling',
  ],
  [
    'wants more than it may',
    v2(able(), active('True', 'ValidMetricFound'), limited('True', 'TooManyReplicas')),
    {},
    'Current',
    'TooManyReplicas',
  ],
  ['cannot find its target', v2(able('False', 'FailedGetScale')), {}, 'Failed', 'FailedGetScale'],
  ['may not write the scale', v2(able('False', 'FailedUpdateScale')), {}, 'Failed', 'FailedUpdateScale'],
  ['waits after a scaling', v2(able('False', 'BackoffBoth')), {}, 'Current', 'Scaling'],
  [
    'able first, without metrics second',
    v2(able('True', 'SucceededRescale'), active('False', 'InvalidSelector')),
    {},
    'Failed',
    'InvalidSelector',
  ],
  [
    'without metrics first, able second',
    v2(active('False', 'InvalidSelector'), able('True', 'SucceededRescale')),
    {},
    'Failed',
    'InvalidSelector',
  ],
  [
    'a metric of no known kind',
    v2(able(), active('False', 'InvalidMetricSourceType')),
    {},
    'Failed',
    'InvalidMetricSourceType',
  ],
  [
    'its target has no replicas',
    v2(able(), active('False', 'ScalingDisabled')),
    {},
    'Suspended',
    'ScalingDisabled',
  ],
  [
    'no metrics 119 s after the apply',
    v2(able(), active('False', 'FailedGetResourceMetric')),
    { applied: applied(119) },
    'InProgress',
    'FailedGetResourceMetric',
  ],
  [
    'no metrics 120 s after the apply',
    v2(able(), active('False', 'FailedGetResourceMetric')),
    { applied: applied(120) },
    'Failed',
    'FailedGetResourceMetric',
  ],
  [
    'no metrics for 10 s, to one who applied nothing',
    v2(able(), active('False', 'FailedGetExternalMetric')),
    {},
    'InProgress',
    'FailedGetExternalMetric',
  ],
  [
    'metrics that cannot be computed',
    v2(able(), active('False', 'FailedComputeMetricsReplicas')),
    { applied: applied(120) },
    'Failed',
    'FailedComputeMetricsReplicas',
  ],
  ['version 1 without metrics', v1(WITHOUT_METRICS), {}, 'InProgress', 'FailedGetResourceMetric'],
  ['version 1 without its target', v1(WITHOUT_TARGET), {}, 'Failed', 'FailedGetScale'],
  ['version 1 with an annotation that is not JSON', v1('{'), {}, 'Current', 'Scaling'],
  ['version 1 with an annotation of another shape', v1('{"type":1}'), {}, 'Current', 'Scaling'],
];

it.each(vectors)('%s', (_name, object, over, ...[state, reason]) => {
  expect(health(object, context({ applied: undefined, ...withUid(over) }))).toMatchObject({ state, reason });
});

/** An autoscaler has no generation. */
function withUid(over: Vector[2]): Vector[2] {
  return over.applied === undefined ? over : { ...over, applied: { ...over.applied, generation: 0 } };
}

it('never holds a release up', () => {
  const failed = health(v2(able('False', 'FailedGetScale')), context());
  expect(isGating({ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' }, failed)).toBe(false);
  expect(isGating({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' }, failed)).toBe(false);
  expect(isGating({ apiVersion: 'apps/v1', kind: 'Deployment' }, failed)).toBe(true);
});
