import {
  type FitCluster,
  hasCode,
  parseLimitRange,
  parseNode,
  parsePod,
  parseResourceQuota,
  type Read,
} from '@modelpier/backstage-plugin-modelpier-common';
import type {
  KubernetesObject,
  ObjectReader,
  Selection,
  Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';

/** More than this is a cluster whose room changes while it is counted. */
const MOST_OBJECTS = 5_000;

/** What of the cluster a release is compared with; what may not be read is done without. */
export async function readFitCluster(
  reader: ObjectReader,
  { namespace, signal }: Waiting & { readonly namespace: string },
): Promise<FitCluster> {
  const all = <T>(kind: string, parse: (object: unknown) => T): Promise<Read<T>> =>
    readAll(reader, { selection: { apiVersion: 'v1', kind }, parse, signal });
  const own = <T>(kind: string, parse: (object: unknown) => T): Promise<Read<T>> =>
    readAll(reader, { selection: { apiVersion: 'v1', kind, namespace }, parse, signal });
  const [nodes, pods, quotas, limitRanges] = await Promise.all([
    all('Node', parseNode),
    all('Pod', parsePod),
    own('ResourceQuota', parseResourceQuota),
    own('LimitRange', parseLimitRange),
  ]);
  return { nodes, pods, quotas, limitRanges };
}

interface Reading<T> extends Waiting {
  readonly selection: Selection;
  readonly parse: (object: KubernetesObject) => T;
}

async function readAll<T>(reader: ObjectReader, { selection, parse, signal }: Reading<T>): Promise<Read<T>> {
  const found: T[] = [];
  try {
    for await (const object of reader.listObjects(selection, { signal })) {
      if (found.length === MOST_OBJECTS) return { unread: `there are more than ${MOST_OBJECTS}` };
      found.push(parse(object));
    }
    return found;
  } catch (error) {
    signal?.throwIfAborted();
    if (hasCode(error, 'forbidden')) return { unread: error.hint ?? error.message };
    return { unread: error instanceof Error ? error.message : String(error) };
  }
}
