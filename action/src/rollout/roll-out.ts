import { type ReportedDeployment, type RolloutEvent } from '@modelpier/backstage-plugin-modelpier-common';
import { pruneApplySet, widenApplySet } from '../apply-set/apply-set';
import { notAsked, reportGolden } from '../golden/golden-check';
import { applyObjects } from './apply';
import { awaitVerdict } from './await-verdict';
import type { DeployOptions } from './deploy-options';
import { podEvidence } from './evidence';
import { explainFailure } from './explain-failure';
import type { Prepared } from './prepare';
import { isHealthy, reportApplied, reportDeployment } from './reported-deployment';
import { track } from './tracked';

const NOT_AWAITED = notAsked('new pods', 'nobody waits for them (wait: false)');

/**
 * Applies what was prepared and waits for its verdict. A rollout that fails is an answer, not an error: `failed`,
 * with every object's last status; with `wait: false` there is none, only `applied`. Throws where something cannot
 * be applied, where watching fails, or when cancelled.
 */
export async function rollOut(
  { namespace, previews, previousImage, applySet }: Prepared,
  options: DeployOptions,
): Promise<ReportedDeployment> {
  const { cluster, image, clock, signal, forceConflicts = false } = options;
  const startedAt = clock.now();
  const timeline: RolloutEvent[] = [];
  const record = (event: Omit<RolloutEvent, 'atMs'>): void => {
    const timed = { atMs: Math.max(0, Math.round(clock.now() - startedAt)), ...event };
    timeline.push(timed);
    options.onEvent?.(timed);
  };
  if (applySet !== undefined) await widenApplySet(applySet, { cluster, signal });
  const applied = await applyObjects(previews, cluster, { clock, forceConflicts, signal });
  await options.onApplied?.(applied);
  const { environment, wait = true, golden } = options;
  if (!wait)
    return {
      ...reportApplied({ applied, image, namespace, environment, previousImage }),
      ...(golden !== undefined && { golden: reportGolden(golden, [NOT_AWAITED]) }),
    };
  const settled = await awaitVerdict(
    applied.map(each => track(each, image)),
    options,
    {
      isUnchanged: previews.every(({ isChange }) => !isChange),
      onStatus: ({ ref }, status) => record({ object: ref, status }),
    },
  );
  if (!isHealthy(settled)) podEvidence(settled.last).forEach(record);
  const reported = reportDeployment({ settled, image, namespace, environment, previousImage, timeline });
  if (!isHealthy(settled)) return { ...reported, ...(await explainFailure(settled.last, options)) };
  // Only what is proven to serve may take away what served before.
  if (applySet === undefined) return reported;
  const pruned = await pruneApplySet(applySet, options);
  return { ...reported, objects: [...reported.objects, ...pruned] };
}
