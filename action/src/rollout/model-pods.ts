import { newPods, type Pod } from '@modelpier/backstage-plugin-modelpier-common';
import type { Settled } from './settle';
import type { Tracked } from './tracked';

export interface ModelPods {
  /** Those of the new revision that run. */
  readonly pods: readonly Pod[];
  /** The containers of each that run the image. */
  readonly containers: readonly string[];
}

/** The pods of a workload that serve the image; none where it does not name it. */
export function modelPods({ object, digests }: Tracked, { last: { context } }: Settled): ModelPods {
  const containers = Object.keys(digests);
  const pods = object === undefined || containers.length === 0 ? [] : newPods(object, context);
  return { pods: pods.filter(({ status }) => status?.phase === 'Running'), containers };
}
