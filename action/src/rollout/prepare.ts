import { stampRunFacts } from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { type ApplySet, planApplySet } from '../apply-set/apply-set';
import { findAutoscaled } from './autoscaled';
import type { DeployOptions } from './deploy-options';
import { withPortProtocols } from './port-protocol';
import { type Preview, previewObjects } from './preview';
import { readPreviousImage } from './previous-image';
import { placeObjects } from './served';
import { runsImage } from './tracked';
import { inWaves } from './wave';

/** All that is known of a rollout before anything is changed. */
export interface Prepared {
  readonly namespace: string;
  /** In the order in which they are applied. */
  readonly previews: readonly Preview[];
  readonly previousImage: string | undefined;
  /** Where what a release leaves behind is to be deleted. */
  readonly applySet: ApplySet | undefined;
}

/** Places and stamps the objects and asks the server what applying them would do; changes nothing. */
export async function prepareRollout(options: DeployOptions): Promise<Prepared> {
  const { cluster, image, originOf, onWarning, signal, forceConflicts = false } = options;
  const namespace = options.namespace ?? cluster.namespace;
  const placed = await placeObjects(options.objects, cluster, { namespace, originOf, signal });
  const stamped = inWaves(placed).map(object => stamp(withPortProtocols(object), options));
  const applySet = await readApplySet(stamped, { ...options, namespace });
  const { objects } = applySet ?? { objects: stamped };
  const isAutoscaled = await findAutoscaled(objects, cluster, { signal });
  const previews = await previewObjects(objects, cluster, {
    forceConflicts,
    isAutoscaled,
    originOf,
    onWarning,
    signal,
  });
  const previousImage = await readPreviousImage(previews, { image, reader: cluster, signal });
  return { namespace, previews, previousImage, applySet };
}

const readApplySet = async (
  objects: readonly KubernetesObject[],
  { applySet: model, cluster, namespace, signal }: DeployOptions & { readonly namespace: string },
): Promise<ApplySet | undefined> =>
  model === undefined ? undefined : planApplySet(objects, { cluster, model, namespace, signal });

/** Says on the workloads that run the image which run of which release put it there. */
const stamp = (object: KubernetesObject, { image, runFacts }: DeployOptions): KubernetesObject =>
  runFacts !== undefined && runsImage(object, image) ? stampRunFacts(object, runFacts) : object;
