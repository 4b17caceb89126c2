import {
  type Decoded,
  metadata,
  object,
  parseWith,
  podSpec,
} from '@modelpier/backstage-plugin-modelpier-common';

/** What every kind of workload has that runs pods for as long as it exists (Kubernetes API apps/v1). */
const workload = object({ metadata, spec: object({ template: object({ spec: podSpec }) }) });
export type Workload = Decoded<typeof workload>;
export const parseWorkload = (value: unknown): Workload => parseWith(workload, value, 'workload');

/** Jobs come and go with each run: what they serve is no lasting model. */
export const WORKLOAD_KINDS = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;
