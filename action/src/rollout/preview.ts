import {
  type Fault,
  FIELD_MANAGER,
  hasCode,
  isSameRelease,
  keepRunFacts,
  type ModelpierError,
} from '@modelpier/backstage-plugin-modelpier-common';
import type {
  KubernetesObject,
  ObjectApplier,
  ObjectReader,
  RawReader,
  Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';
import type { IsAutoscaled } from './autoscaled';
import { broughtKinds, findBrought } from './brought-kinds';
import type { DeployOptions } from './deploy-options';
import { isToAdopt, KUBECTL_MANAGER } from './managed-fields';
import { notApplied, type Refusal } from './not-applied';
import { refOf } from './object-ref';
import { replicasToHandOver, withoutReplicas, withReplicas } from './replicas';
import { explainRunOnce } from './run-once';
import { refuseUnknownFields } from './unknown-fields';

/** What an apply would do. */
export interface Preview {
  readonly object: KubernetesObject;
  readonly live: KubernetesObject | undefined;
  /** What the server would make of it; nothing where it could not be asked. */
  readonly answered: KubernetesObject | undefined;
  /** The replicas to hand over to an autoscaler before the apply leaves them out. */
  readonly handsOver: number | undefined;
  /** What `kubectl apply` made becomes ours before the apply. */
  readonly isAdopted: boolean;
  /** Something but the facts of the run would change. */
  readonly isChange: boolean;
  /** Not even what it says of the release would change: there is nothing to apply. */
  readonly isDone: boolean;
}

export interface PreviewOptions extends Waiting, Pick<DeployOptions, 'originOf' | 'onWarning'> {
  readonly forceConflicts: boolean;
  readonly isAutoscaled?: IsAutoscaled | undefined;
}

/**
 * Asks the server what each apply would do, changing nothing. One error tells of every object it refuses, so that
 * a set is applied whole or not at all.
 */
export async function previewObjects(
  objects: readonly KubernetesObject[],
  cluster: ObjectReader & ObjectApplier & RawReader,
  options: PreviewOptions,
): Promise<readonly Preview[]> {
  const previews: Preview[] = [];
  const refused: Refusal[] = [];
  for (const object of objects) {
    try {
      previews.push(await previewObject(object, cluster, options));
    } catch (error) {
      if (!hasCode(error, 'conflict', 'forbidden', 'invalid-document', 'not-found', 'not-served'))
        throw error;
      if (isBlind(object, error, { objects, previews })) previews.push(blind(object));
      else refused.push({ object, error: explainRunOnce(object, error) });
    }
  }
  const told = await refuseUnknownFields({ previews, refused }, cluster, options);
  if (told.length > 0) throw notApplied(told, options);
  return previews;
}

async function previewObject(
  given: KubernetesObject,
  cluster: ObjectReader & ObjectApplier,
  options: PreviewOptions,
): Promise<Preview> {
  const isAutoscaled = options.isAutoscaled?.(given) === true;
  const object = isAutoscaled ? withoutReplicas(given) : given;
  const live = await cluster.getObject(refOf(object), options);
  const handsOver = isAutoscaled && live !== undefined ? replicasToHandOver(live) : undefined;
  const isAdopted = live !== undefined && isToAdopt(live);
  // Who and when of this run would make every apply a change.
  const compared = live === undefined ? object : keepRunFacts(object, live);
  const { action, object: answered } = await dryRun(
    handsOver === undefined ? compared : withReplicas(compared, handsOver),
    cluster,
    { ...options, isAdopted },
  );
  const isChange = action !== 'unchanged' || isAdopted || handsOver !== undefined;
  const isDone = !isChange && live !== undefined && isSameRelease(object, live);
  return { object, live, answered, handsOver, isAdopted, isChange, isDone };
}

/** What kubectl holds of an object that is to be adopted will be ours, and is no conflict. */
async function dryRun(
  object: KubernetesObject,
  cluster: ObjectApplier,
  { forceConflicts, isAdopted, signal }: PreviewOptions & { readonly isAdopted: boolean },
): ReturnType<ObjectApplier['applyObject']> {
  const apply = (force: boolean): ReturnType<ObjectApplier['applyObject']> =>
    cluster.applyObject(object, { fieldManager: FIELD_MANAGER, force, dryRun: true, signal });
  try {
    return await apply(forceConflicts);
  } catch (error) {
    if (!isAdopted || !hasCode(error, 'conflict') || !error.faults.every(isOfKubectl)) throw error;
    return apply(true);
  }
}

const isOfKubectl = ({ message }: Fault): boolean => message.startsWith(`conflict with "${KUBECTL_MANAGER}"`);

const blind = (object: KubernetesObject): Preview => ({
  object,
  live: undefined,
  answered: undefined,
  handsOver: undefined,
  isAdopted: false,
  isChange: true,
  isDone: false,
});

interface Asked {
  readonly objects: readonly KubernetesObject[];
  /** What the server has answered so far; namespaces are asked about before what stands in them. */
  readonly previews: readonly Preview[];
}

/** A dry run cannot see into a namespace or a kind that the same set brings, nor through every webhook. */
function isBlind(object: KubernetesObject, error: ModelpierError, asked: Asked): boolean {
  if (/does not support dry run/i.test(error.message)) return true;
  if (hasCode(error, 'not-served')) return findBrought(object, broughtKinds(asked.objects)) !== undefined;
  const { namespace } = object.metadata;
  return namespace !== undefined && isMissing(namespace, error) && isBrought(namespace, asked);
}

const isMissing = (namespace: string, error: ModelpierError): boolean =>
  hasCode(error, 'not-found') && error.message.includes(`namespaces "${namespace}" not found`);

function isBrought(namespace: string, { objects, previews }: Asked): boolean {
  const isIt = ({ apiVersion, kind, metadata }: KubernetesObject): boolean =>
    apiVersion === 'v1' && kind === 'Namespace' && metadata.name === namespace;
  return objects.some(isIt) && !previews.some(({ object, live }) => isIt(object) && live !== undefined);
}
