import type { Report } from '@modelpier/backstage-plugin-modelpier-common';

/** As GitHub tells them apart: a release that was judged and failed, and a run that came to no verdict. */
export function deploymentStateOf({ failure, deployment }: Report): 'success' | 'failure' | 'error' {
  if (failure === undefined) return 'success';
  const isJudged = deployment?.status === 'failed' || deployment?.status === 'rolled-back';
  return isJudged ? 'failure' : 'error';
}
