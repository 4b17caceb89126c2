import type { StoredObject } from '../object';
import { type Kind, resourceOf } from '../resources';
import type { ControllerContext } from './context';
import { isReady, isTerminating, PODS } from './workload';

interface DisruptionBudget extends StoredObject {
  readonly spec: {
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly minAvailable?: number | string;
    readonly maxUnavailable?: number | string;
  };
  status?: Record<string, number>;
}

export const DISRUPTION_BUDGETS = resourceOf('policy', 'poddisruptionbudgets') as Kind<DisruptionBudget>;

/** Counts how many of the selected pods may be disturbed, as the disruption controller does. */
export function reconcileDisruptionBudget({ store, writer }: ControllerContext, object: StoredObject): void {
  const budget = object as DisruptionBudget;
  const { generation = 1, namespace } = budget.metadata;
  const labels = Object.entries(budget.spec.selector?.matchLabels ?? {});
  const pods = store
    .list(PODS, namespace)
    .filter(({ metadata }) => labels.every(([key, value]) => metadata.labels?.[key] === value));
  const expectedPods = pods.filter(pod => !isTerminating(pod)).length;
  const currentHealthy = pods.filter(pod => isReady(pod) && !isTerminating(pod)).length;
  const desiredHealthy = wantedOf(budget, expectedPods);
  const disruptionsAllowed = Math.max(0, currentHealthy - desiredHealthy);
  const status = {
    observedGeneration: generation,
    disruptionsAllowed,
    currentHealthy,
    desiredHealthy,
    expectedPods,
  };
  if (JSON.stringify(budget.status) === JSON.stringify(status)) return;
  writer.change(DISRUPTION_BUDGETS, budget, draft => {
    draft.status = status;
  });
}

function wantedOf({ spec: { minAvailable, maxUnavailable } }: DisruptionBudget, pods: number): number {
  if (maxUnavailable === undefined) return countOf(minAvailable ?? 0, pods);
  return Math.max(0, pods - countOf(maxUnavailable, pods));
}

/** A percentage is rounded up. */
const countOf = (amount: number | string, of: number): number =>
  typeof amount === 'number' ? amount : Math.ceil((Number.parseFloat(amount) / 100) * of);
