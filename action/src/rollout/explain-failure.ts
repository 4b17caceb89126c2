import {
  diagnose,
  explained,
  newPods,
  podHealth,
  type ReportedDeployment,
} from '@modelpier/backstage-plugin-modelpier-common';
import { captureEvidence, type Unwell } from '../evidence/capture';
import type { Assessment } from './assess';
import type { DeployOptions } from './deploy-options';

type Explanation = Pick<ReportedDeployment, 'diagnosis' | 'evidence'>;

/** Why a rollout failed, from how the cluster stands before anything is undone. */
export async function explainFailure(
  last: Assessment,
  { cluster, clock, known = { isGenerated: false }, onNote, signal }: DeployOptions,
): Promise<Explanation> {
  const evidence = await captureEvidence(unwellOf(last), { cluster, clock, signal });
  const diagnosis = diagnose(evidence, known);
  for (const each of diagnosis) onNote?.(`why: ${explained(each)}; ${each.fix}`);
  return { diagnosis, evidence };
}

const unwellOf = ({ statuses, context }: Assessment): readonly Unwell[] =>
  [...statuses]
    .filter(([, { state }]) => state !== 'Current')
    .map(([{ ref, object }, status]) => {
      const pods = object === undefined ? [] : newPods(object, context);
      return { ref, status, object, pods: pods.filter(pod => podHealth(pod, context).state !== 'Current') };
    });
