import { defaultTimeoutMs, timeoutWarning } from './deadline';
import type { DeployOptions } from './deploy-options';
import { Mirror } from './mirror';
import { helpfulSelections, isWorkload, selectionsOf } from './selections';
import { settle, type Settled, type SettleOptions } from './settle';
import type { Tracked } from './tracked';

type VerdictOptions = Pick<DeployOptions, 'cluster' | 'clock' | 'timeoutMs' | 'onWarning' | 'signal'>;

/** Watches what was applied until it is healthy, has failed, or the time is over. */
export async function awaitVerdict(
  tracked: readonly Tracked[],
  { cluster, clock, timeoutMs, onWarning, signal }: VerdictOptions,
  handlers: Pick<SettleOptions, 'isUnchanged' | 'onStatus'>,
): Promise<Settled> {
  const done = new AbortController();
  const objects = tracked.flatMap(({ object }) => object ?? []);
  const workloads = objects.filter(isWorkload);
  const warning = timeoutWarning(workloads, timeoutMs);
  if (warning !== undefined) onWarning?.(warning);
  const mirror = new Mirror(cluster, selectionsOf(workloads), {
    signal: signal === undefined ? done.signal : AbortSignal.any([signal, done.signal]),
    optional: helpfulSelections(objects),
  });
  try {
    return await settle(
      tracked,
      { mirror, reader: cluster },
      { clock, timeoutMs: timeoutMs ?? defaultTimeoutMs(workloads), signal, ...handlers },
    );
  } finally {
    done.abort();
  }
}
