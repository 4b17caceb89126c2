import {
  FIELD_MANAGER,
  hasCode,
  isSameRelease,
  keepRunFacts,
  ModelpierError,
} from '@modelpier/backstage-plugin-modelpier-common';
import type {
  KubernetesObject,
  ObjectApplier,
  ObjectReader,
  Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';
import type { DeployOptions } from './deploy-options';
import { faultOf, shownOrigin } from './fault';
import { refOf } from './object-ref';

/** What an apply would do. */
export interface Preview {
  readonly object: KubernetesObject;
  readonly live: KubernetesObject | undefined;
  /** What the server would make of it; nothing where it could not be asked. */
  readonly answered: KubernetesObject | undefined;
  /** Something but the facts of the run would change. */
  readonly isChange: boolean;
  /** Not even what it says of the release would change: there is nothing to apply. */
  readonly isDone: boolean;
}

export interface PreviewOptions extends Waiting, Pick<DeployOptions, 'originOf'> {
  readonly forceConflicts: boolean;
}

/**
 * Asks the server what each apply would do, changing nothing. One error tells of every object it refuses, so that
 * a set is applied whole or not at all.
 */
export async function previewObjects(
  objects: readonly KubernetesObject[],
  cluster: ObjectReader & ObjectApplier,
  options: PreviewOptions,
): Promise<readonly Preview[]> {
  const previews: Preview[] = [];
  const refused: Refusal[] = [];
  for (const object of objects) {
    try {
      previews.push(await previewObject(object, cluster, options));
    } catch (error) {
      if (!hasCode(error, 'conflict', 'forbidden', 'invalid-document', 'not-found')) throw error;
      if (isBlind(object, objects, error)) previews.push(blind(object));
      else refused.push({ object, error });
    }
  }
  if (refused.length > 0) throw notApplied(refused, options);
  return previews;
}

async function previewObject(
  object: KubernetesObject,
  cluster: ObjectReader & ObjectApplier,
  { forceConflicts, signal }: PreviewOptions,
): Promise<Preview> {
  const live = await cluster.getObject(refOf(object), { signal });
  // Who and when of this run would make every apply a change.
  const compared = live === undefined ? object : keepRunFacts(object, live);
  const { action, object: answered } = await cluster.applyObject(compared, {
    fieldManager: FIELD_MANAGER,
    force: forceConflicts,
    dryRun: true,
    signal,
  });
  const isChange = action !== 'unchanged';
  return {
    object,
    live,
    answered,
    isChange,
    isDone: !isChange && live !== undefined && isSameRelease(object, live),
  };
}

const blind = (object: KubernetesObject): Preview => ({
  object,
  live: undefined,
  answered: undefined,
  isChange: true,
  isDone: false,
});

/** A dry run cannot see into a namespace or a kind that the same set brings, nor through every webhook. */
function isBlind(
  object: KubernetesObject,
  objects: readonly KubernetesObject[],
  error: ModelpierError,
): boolean {
  if (/does not support dry run/i.test(error.message)) return true;
  const { namespace } = object.metadata;
  return objects.some(({ kind, metadata }) => kind === 'Namespace' && metadata.name === namespace);
}

interface Refusal {
  readonly object: KubernetesObject;
  readonly error: ModelpierError;
}

function notApplied(refused: readonly Refusal[], { originOf }: PreviewOptions): ModelpierError {
  const [first, ...others] = refused;
  const messages = refused.map(({ object, error }) => `${error.message}${shownOrigin(object, originOf)}`);
  const hints = new Set(refused.flatMap(({ error }) => error.hint ?? []));
  return new ModelpierError(first?.error.code ?? 'upstream', `${messages.join('; ')}; nothing was applied`, {
    hint: hints.size === 0 ? undefined : [...hints].join('; '),
    cause: others.length === 0 ? first?.error : new AggregateError(refused.map(({ error }) => error)),
    faults: refused.map(({ object, error }) => faultOf(object, error.message, originOf)),
  });
}
