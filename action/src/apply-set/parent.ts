import { createHash } from 'node:crypto';
import {
  formatObjectRef,
  ModelpierError,
  type ObjectRef,
} from '@modelpier/backstage-plugin-modelpier-common';
import {
  groupOf,
  type KubernetesObject,
  type ObjectReader,
  type Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';
import { formatGroupKind, type GroupKind, groupKindOf, parseGroupKind } from './group-kind';

/** Keys as kubectl ships them (KEP 3659 has earlier ones); https://kubernetes.io/docs/reference/labels-annotations-taints/. */
const ID_LABEL = 'applyset.kubernetes.io/id';
export const PART_OF_LABEL = 'applyset.kubernetes.io/part-of';
const TOOLING = 'applyset.kubernetes.io/tooling';
const KINDS = 'applyset.kubernetes.io/contains-group-kinds';
const NAMESPACES = 'applyset.kubernetes.io/additional-namespaces';

/** What the annotation says of who keeps the set: a name, and the version of how it does so. */
const TOOL = 'modelpier';
const TOOL_VERSION = 'v1.0.0';

/** The kinds of a set's members, and the namespaces beside the parent's own in which they are. */
export interface Reach {
  readonly kinds: readonly GroupKind[];
  readonly namespaces: readonly string[];
}

/** The object that a set is named by. */
export const parentRef = (model: string, namespace: string): ObjectRef => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace,
  name: `modelpier-applyset-${model}`,
});

/** `applyset-<base64url of sha256 of "name.namespace.Kind.group">-v1`. */
export function applySetId({ apiVersion, kind, name, namespace = '' }: ObjectRef): string {
  const path = [name, namespace, kind, groupOf(apiVersion)].join('.');
  return `applyset-${createHash('sha256').update(path).digest('base64url')}-v1`;
}

/** What the releases before have left of the set: `undefined` where there is none yet; refuses one that is not ours. */
export async function readReach(
  reader: ObjectReader,
  ref: ObjectRef,
  waiting: Waiting,
): Promise<Reach | undefined> {
  const parent = await reader.getObject(ref, waiting);
  if (parent === undefined) return undefined;
  const { labels = {}, annotations = {} } = parent.metadata;
  const tool = annotations[TOOLING] ?? '';
  if (tool.split('/')[0] !== TOOL) throw notOurs(ref, tool === '' ? 'no tool' : JSON.stringify(tool));
  if (labels[ID_LABEL] !== applySetId(ref))
    throw notOurs(ref, `the id ${JSON.stringify(labels[ID_LABEL] ?? '')}`);
  return {
    kinds: listOf(annotations[KINDS]).map(parseGroupKind),
    namespaces: listOf(annotations[NAMESPACES]),
  };
}

function notOurs(ref: ObjectRef, names: string): ModelpierError {
  return new ModelpierError(
    'conflict',
    `prune: ${formatObjectRef(ref)} is not a set of ours, for it names ${names}; nothing was applied`,
    { hint: 'rename or delete that object, or release without `prune`' },
  );
}

const listOf = (text = ''): readonly string[] => text.split(',').filter(item => item !== '');

/** The kinds and namespaces of these objects. */
export function reachOf(objects: readonly KubernetesObject[], { namespace }: ObjectRef): Reach {
  return {
    kinds: objects.map(groupKindOf),
    namespaces: objects.flatMap(({ metadata }) =>
      metadata.namespace === undefined || metadata.namespace === namespace ? [] : [metadata.namespace],
    ),
  };
}

export const widened = (...reaches: readonly Reach[]): Reach => ({
  kinds: reaches.flatMap(({ kinds }) => kinds),
  namespaces: reaches.flatMap(({ namespaces }) => namespaces),
});

/** The parent as it is applied: lists in order, each once, so that the same reach is the same object. */
export function parentObject(ref: ObjectRef, { kinds, namespaces }: Reach): KubernetesObject {
  const { apiVersion, kind, name, namespace } = ref;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      namespace,
      labels: { [ID_LABEL]: applySetId(ref) },
      annotations: {
        [TOOLING]: `${TOOL}/${TOOL_VERSION}`,
        [KINDS]: joined(kinds.map(formatGroupKind)),
        [NAMESPACES]: joined(namespaces),
      },
    },
  };
}

const joined = (items: readonly string[]): string => [...new Set(items)].sort().join(',');

/** The object as a member of the set. */
export const asMember = (object: KubernetesObject, id: string): KubernetesObject => ({
  ...object,
  metadata: { ...object.metadata, labels: { ...object.metadata.labels, [PART_OF_LABEL]: id } },
});
