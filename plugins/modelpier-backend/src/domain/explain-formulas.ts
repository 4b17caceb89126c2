import {
  type AllocatedResource,
  type AllocationScope,
  formatBytes,
  formatCount,
  formatPercent,
  type ReuseResult,
} from '@modelpier/backstage-plugin-modelpier-common';

/** One scope in sentences, each with its numbers. */
export function explainAllocation(scope: AllocationScope): {
  place: string;
  observedAt: string;
  resources: string[];
} {
  const { cluster, namespace, pool, observedAt, resources, modelContainers } = scope;
  const part = namespace === null ? (pool === null ? '' : `, pool ${pool}`) : `, namespace ${namespace}`;
  return {
    place: `${cluster}${part}`,
    observedAt,
    resources: resources.map(resource => explainResource({ modelContainers, ...resource })),
  };
}

function explainResource(allocated: AllocatedResource): string {
  const {
    resource,
    total,
    containers,
    fairShare,
    reason,
    requested,
    allocated: counted,
    used,
    share,
    modelContainers = 0,
  } = allocated;
  const fair =
    fairShare === null || total === null
      ? `no fair share is known (${reason ?? 'unknown'})`
      : `R = T / N = ${total} / ${containers} = ${fairShare} for each container`;
  const part = share === null ? '' : `, ${formatPercent(share)} of their fair share`;
  const basis = counted === undefined ? '' : `, of which with their use ${counted} counts`;
  const use = used === null ? 'metrics not available' : `they use ${used}`;
  return `${resource}: ${fair}; the model's ${formatCount(modelContainers, 'container')} request ${requested}${basis}${part}; ${use}`;
}

/** "6.0 kB of 6.5 kB are shared: R = 1 - 500 / 6500 = 92.3 %". */
export function explainReuse({ totalBytes, newBytes, newLayers, ratio, reason }: ReuseResult): string {
  if (ratio === null) return `reuse is not known (${reason ?? 'unknown'})`;
  const shared = `${formatBytes(totalBytes - newBytes)} of ${formatBytes(totalBytes)} are shared`;
  const why = reason === undefined ? '' : ` (${reason})`;
  return `${shared}: R = 1 - ${newBytes} / ${totalBytes} = ${formatPercent(ratio)}, with ${formatCount(newLayers, 'new layer')}${why}`;
}
