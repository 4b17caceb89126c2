import { formatObjectRef, ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import {
  type Discovery,
  groupOf,
  type KubernetesObject,
  type Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';
import { broughtKinds, findBrought } from './brought-kinds';
import type { DeployOptions } from './deploy-options';
import { faultOf, shownOrigin } from './fault';
import { refOf } from './object-ref';

/** Enough of the served versions to see what to write instead. */
const SHOWN_VERSIONS = 40;

interface PlaceOptions extends Waiting, Pick<DeployOptions, 'originOf'> {
  readonly namespace: string;
}

/**
 * The objects with their namespace filled in; throws, before anything is applied, where a kind is not served or two
 * are the same object.
 */
export async function placeObjects(
  objects: readonly KubernetesObject[],
  discovery: Discovery,
  { namespace, originOf, signal }: PlaceOptions,
): Promise<readonly KubernetesObject[]> {
  const placed: KubernetesObject[] = [];
  const unserved: KubernetesObject[] = [];
  const brought = broughtKinds(objects);
  for (const object of objects) {
    const served =
      (await discovery.servedKind(object.apiVersion, object.kind, { signal })) ??
      findBrought(object, brought);
    if (served === undefined) unserved.push(object);
    else placed.push(served.namespaced ? inNamespace(object, namespace) : object);
  }
  if (unserved.length > 0) throw await notServed(unserved, discovery, { namespace, originOf, signal });
  refuseTwice(placed, originOf);
  return placed;
}

const inNamespace = (object: KubernetesObject, namespace: string): KubernetesObject => ({
  ...object,
  metadata: { ...object.metadata, namespace: object.metadata.namespace ?? namespace },
});

/** One with the namespace written out and one without: the second would silently win. */
function refuseTwice(placed: readonly KubernetesObject[], originOf: PlaceOptions['originOf']): void {
  const keys = placed.map(object => `${groupOf(object.apiVersion)} ${formatObjectRef(refOf(object))}`);
  const twice = placed.filter((_object, index) => keys.indexOf(keys[index] ?? '') < index);
  if (twice.length === 0) return;
  const message = 'stands twice in the manifests';
  const lines = twice.map(
    object => `${formatObjectRef(refOf(object))} ${message}${shownOrigin(object, originOf)}`,
  );
  throw new ModelpierError('invalid-document', `deploy: ${lines.join('; ')}; nothing was applied`, {
    faults: twice.map(object => faultOf(object, message, originOf)),
  });
}

async function notServed(
  unserved: readonly KubernetesObject[],
  discovery: Discovery,
  { originOf, signal }: PlaceOptions,
): Promise<ModelpierError> {
  const versions = await discovery.servedVersions({ signal });
  const groups = new Set(unserved.map(({ apiVersion }) => groupOf(apiVersion)));
  const sameGroup = versions.filter(version => groups.has(groupOf(version)));
  const faults = unserved.map(object =>
    faultOf(object, `the cluster does not serve ${object.kind} of ${object.apiVersion}`, originOf),
  );
  const lines = faults.map(({ path, message }) => `${path}: ${message}`);
  const shown = (sameGroup.length > 0 ? sameGroup : versions).slice(0, SHOWN_VERSIONS);
  return new ModelpierError(
    'not-served',
    `deploy: ${lines.join('; ')}; ${sameGroup.length > 0 ? 'of these groups it serves' : 'it serves'} ${shown.join(', ')}; nothing was applied`,
    { hint: 'write an apiVersion that the cluster serves, or install what brings the kind', faults },
  );
}
