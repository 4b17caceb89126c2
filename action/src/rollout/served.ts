import { formatObjectRef, ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type { Discovery, KubernetesObject, Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import { refOf } from './object-ref';

/** Enough of the served versions to see what to write instead. */
const SHOWN_VERSIONS = 40;

/** The objects with their namespace filled in; throws, before anything is applied, where a kind is not served. */
export async function placeObjects(
  objects: readonly KubernetesObject[],
  discovery: Discovery,
  { namespace, signal }: Waiting & { readonly namespace: string },
): Promise<readonly KubernetesObject[]> {
  const placed: KubernetesObject[] = [];
  const unserved: KubernetesObject[] = [];
  for (const object of objects) {
    const served = await discovery.servedKind(object.apiVersion, object.kind, { signal });
    if (served === undefined) unserved.push(object);
    else placed.push(served.namespaced ? inNamespace(object, namespace) : object);
  }
  if (unserved.length > 0) throw await notServed(unserved, discovery, { signal });
  return placed;
}

const inNamespace = (object: KubernetesObject, namespace: string): KubernetesObject => ({
  ...object,
  metadata: { ...object.metadata, namespace: object.metadata.namespace ?? namespace },
});

async function notServed(
  unserved: readonly KubernetesObject[],
  discovery: Discovery,
  { signal }: Waiting,
): Promise<ModelpierError> {
  const versions = await discovery.servedVersions({ signal });
  const groups = new Set(unserved.map(({ apiVersion }) => groupOf(apiVersion)));
  const sameGroup = versions.filter(version => groups.has(groupOf(version)));
  const faults = unserved.map(object => ({
    path: formatObjectRef(refOf(object)),
    message: `the cluster does not serve ${object.kind} of ${object.apiVersion}`,
  }));
  const lines = faults.map(({ path, message }) => `${path}: ${message}`);
  const shown = (sameGroup.length > 0 ? sameGroup : versions).slice(0, SHOWN_VERSIONS);
  return new ModelpierError(
    'not-served',
    `deploy: ${lines.join('; ')}; ${sameGroup.length > 0 ? 'of these groups it serves' : 'it serves'} ${shown.join(', ')}; nothing was applied`,
    { hint: 'write an apiVersion that the cluster serves, or install what brings the kind', faults },
  );
}

const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
