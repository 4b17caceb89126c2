import {
  count,
  type Deployment,
  health,
  metadata,
  object,
  optional,
  parseWith,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';

/** The fields of a HorizontalPodAutoscaler that versions 1 and 2 share. */
const autoscalerObject = object({
  metadata,
  spec: object({
    scaleTargetRef: object({ kind: text, name: text }),
    minReplicas: optional(count),
    maxReplicas: count,
  }),
  status: optional(object({ desiredReplicas: optional(count) })),
});

/** An autoscaler, and the workload that it scales. */
export interface SeenAutoscaler {
  /** `Kind/namespace/name`. */
  readonly target: string;
  readonly shown: NonNullable<Deployment['autoscaler']>;
}

export function readAutoscaler(raw: unknown, now: number): SeenAutoscaler {
  const { metadata: its, spec, status } = parseWith(autoscalerObject, raw, 'HorizontalPodAutoscaler');
  const { scaleTargetRef: target, minReplicas: min = 1, maxReplicas: max } = spec;
  return {
    target: `${target.kind}/${its.namespace ?? ''}/${target.name}`,
    shown: { name: its.name, min, max, desired: status?.desiredReplicas ?? 0, status: health(raw, { now }) },
  };
}
