import {
  type Discovery,
  groupOf,
  type KubernetesObject,
  type ObjectReader,
  type Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';
import { formatGroupKind, type GroupKind, groupKindOf } from './group-kind';
import { PART_OF_LABEL, type Reach } from './parent';

/** What is deleted with these is gone for good: claims with their data, namespaces and kinds with all that is in them. */
const NEVER_PRUNED = new Set([
  'PersistentVolumeClaim',
  'PersistentVolume',
  'Namespace',
  'CustomResourceDefinition.apiextensions.k8s.io',
]);

interface MembersOptions extends Waiting {
  readonly cluster: Discovery & ObjectReader;
  readonly id: string;
  /** Of the parent. */
  readonly namespace: string;
}

/** Every object in the cluster that says it is part of the set, in the reach of the set. */
export async function listMembers(
  { kinds, namespaces }: Reach,
  { cluster, id, namespace, signal }: MembersOptions,
): Promise<readonly KubernetesObject[]> {
  const found: KubernetesObject[] = [];
  for (const groupKind of kinds) {
    const served = await findServed(groupKind, cluster, { signal });
    if (served === undefined) continue;
    const { apiVersion, namespaced } = served;
    for (const within of namespaced ? [namespace, ...namespaces] : [undefined]) {
      const labelSelector = `${PART_OF_LABEL}=${id}`;
      const selection = { apiVersion, kind: groupKind.kind, namespace: within, labelSelector };
      for await (const member of cluster.listObjects(selection, { signal })) found.push(member);
    }
  }
  return found;
}

/** The kind in some version; `undefined` where the cluster has it no more, and so none of its objects. */
async function findServed(
  { group, kind }: GroupKind,
  discovery: Discovery,
  waiting: Waiting,
): Promise<{ readonly apiVersion: string; readonly namespaced: boolean } | undefined> {
  for (const apiVersion of await discovery.servedVersions(waiting)) {
    if (groupOf(apiVersion) !== group) continue;
    const served = await discovery.servedKind(apiVersion, kind, waiting);
    if (served !== undefined) return { apiVersion, namespaced: served.namespaced };
  }
  return undefined;
}

/** A member that this release has no more. */
export interface Leftover {
  readonly object: KubernetesObject;
  /** Why it is not deleted; nothing where it is. */
  readonly kept?: string | undefined;
}

/** The members that are not among the release's objects, and what becomes of each. */
export function leftoversOf(
  members: readonly KubernetesObject[],
  objects: readonly KubernetesObject[],
): readonly Leftover[] {
  const wanted = new Set(objects.map(keyOf));
  return members
    .filter(member => !wanted.has(keyOf(member)) && member.metadata.deletionTimestamp === undefined)
    .map(object => ({ object, kept: reasonToKeep(object) }));
}

function reasonToKeep(object: KubernetesObject): string | undefined {
  const [owner] = object.metadata.ownerReferences ?? [];
  if (owner !== undefined) return `it belongs to ${owner.kind}/${owner.name}`;
  if (NEVER_PRUNED.has(formatGroupKind(groupKindOf(object)))) return 'its kind is never pruned';
  return undefined;
}

const keyOf = (object: KubernetesObject): string =>
  [formatGroupKind(groupKindOf(object)), object.metadata.namespace ?? '', object.metadata.name].join(' ');
