import {
  type ApplyAction,
  formatDeployed,
  type ReportedDeployment,
  type ReportedObject,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { ApplySet } from '../apply-set/apply-set';
import { diffObject } from '../plan/diff-object';
import type { DeployOptions } from './deploy-options';
import { findMisfits } from './fit';
import { refOf } from './object-ref';
import { prepareRollout } from './prepare';
import type { Preview } from './preview';

/** What `deployObjects` would do with the same options, by a dry run on the server. */
export async function planObjects(options: DeployOptions): Promise<ReportedDeployment> {
  const { image, environment } = options;
  const prepared = await prepareRollout(options);
  const { namespace, previews, previousImage, applySet } = prepared;
  return {
    status: 'planned',
    namespace,
    image: formatDeployed(image),
    objects: [...previews.map(planned), ...prunable(applySet)],
    timeline: [],
    fit: await findMisfits(prepared, options),
    ...(environment !== undefined && { environment }),
    ...(previousImage !== undefined && { previousImage }),
  };
}

const PLANNED: Readonly<Record<ApplyAction, string>> = {
  created: 'would be created',
  configured: 'would be changed',
  unchanged: 'would stay as it is',
};

/** What a healthy release would delete. */
const prunable = (applySet: ApplySet | undefined): readonly ReportedObject[] =>
  (applySet?.leftovers ?? []).flatMap(({ object, kept }) =>
    kept === undefined
      ? [
          {
            ref: refOf(object),
            action: 'pruned',
            status: { state: 'Unknown', reason: 'Planned', message: 'would be deleted' },
          },
        ]
      : [],
  );

function planned({ object, live, answered, isChange }: Preview): ReportedObject {
  const action = live === undefined ? 'created' : isChange ? 'configured' : 'unchanged';
  const diff = diffObject({ live, sent: object, answered });
  return {
    ref: refOf(object),
    action,
    status: { state: 'Unknown', reason: 'Planned', message: PLANNED[action] },
    ...(diff !== undefined && { diff }),
  };
}
