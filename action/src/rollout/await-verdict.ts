import type { ReportedGolden } from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { defaultLimit, latestEnd, type Limit, timeoutWarning } from './deadline';
import type { DeployOptions } from './deploy-options';
import { Mirror } from './mirror';
import { passGoldenGate } from './golden-gate';
import { passModelGate } from './model-gate';
import { isHealthy } from './reported-deployment';
import { helpfulSelections, isWorkload, selectionsOf } from './selections';
import { settle, type Settled, type SettleOptions } from './settle';
import type { Tracked } from './tracked';

type VerdictOptions = Pick<
  DeployOptions,
  'cluster' | 'clock' | 'timeoutMs' | 'runFacts' | 'modelVersion' | 'golden' | 'onWarning' | 'signal'
>;

/** How a rollout ended, and what became of its golden check where there was one to run. */
export interface Verdict extends Settled {
  readonly golden?: ReportedGolden | undefined;
}

type Handlers = Pick<SettleOptions, 'isUnchanged' | 'onStatus'>;

/**
 * Watches what was applied until it is healthy, has failed, or the time is over; then asks the pods for the model,
 * and what it answers, where the cluster lets us.
 */
export async function awaitVerdict(
  tracked: readonly Tracked[],
  options: VerdictOptions,
  handlers: Handlers,
): Promise<Verdict> {
  const startedAt = options.clock.now();
  const limit = limitOf(tracked, options);
  const settled = await watchAndSettle(tracked, { ...options, limit }, handlers);
  const { runFacts, modelVersion, golden, cluster, clock, signal } = options;
  if (runFacts === undefined || !isHealthy(settled)) return settled;
  const asking = { caller: cluster, model: runFacts.model, clock, signal, ...handlers };
  const asked = await passModelGate(settled, { ...asking, version: modelVersion });
  if (golden === undefined || !isHealthy(asked)) return asked;
  return passGoldenGate(asked, { ...asking, check: golden, until: latestEnd(limit, startedAt) });
}

const workloadsOf = (tracked: readonly Tracked[]): readonly KubernetesObject[] =>
  tracked.flatMap(({ object }) => object ?? []).filter(isWorkload);

const limitOf = (tracked: readonly Tracked[], { timeoutMs }: VerdictOptions): Limit =>
  timeoutMs === undefined ? defaultLimit(workloadsOf(tracked)) : { ms: timeoutMs };

async function watchAndSettle(
  tracked: readonly Tracked[],
  { cluster, clock, timeoutMs, limit, onWarning, signal }: VerdictOptions & { readonly limit: Limit },
  handlers: Handlers,
): Promise<Settled> {
  const done = new AbortController();
  const objects = tracked.flatMap(({ object }) => object ?? []);
  const workloads = workloadsOf(tracked);
  const warning = timeoutWarning(workloads, timeoutMs);
  if (warning !== undefined) onWarning?.(warning);
  const mirror = new Mirror(cluster, selectionsOf(workloads), {
    signal: signal === undefined ? done.signal : AbortSignal.any([signal, done.signal]),
    optional: helpfulSelections(objects),
  });
  try {
    return await settle(tracked, { mirror, reader: cluster }, { clock, limit, signal, ...handlers });
  } finally {
    done.abort();
  }
}
