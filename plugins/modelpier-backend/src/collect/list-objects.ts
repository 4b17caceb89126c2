import { formatObjectRef, hasCode, ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type {
  KubernetesObject,
  ObjectReader,
  Selection,
  Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';

export type Kind = Omit<Selection, 'namespace'>;

export interface Listing extends Waiting {
  /** `undefined` is the whole cluster. */
  readonly within: readonly (string | undefined)[];
  /** Takes what could not be read. */
  readonly skipped: string[];
}

/** Kubernetes is built for 150,000 pods: what goes on beyond this is an answer without end. */
const MOST_OBJECTS = 200_000;

const tooMany = ({ kind }: Kind): ModelpierError =>
  new ModelpierError('too-large', `list ${kind}: more than ${MOST_OBJECTS} objects`);

/**
 * The objects of a kind as `parse` reads them. Each is parsed as it comes: the answers of a large cluster
 * would not fit in memory. One that we cannot read must not hide all others.
 */
export async function listObjects<T>(
  reader: ObjectReader,
  kind: Kind,
  parse: (object: KubernetesObject) => T,
  { within, skipped, signal }: Listing,
): Promise<T[]> {
  const parsed: T[] = [];
  for (const namespace of within) {
    for await (const object of reader.listObjects({ ...kind, namespace }, { signal })) {
      if (parsed.length >= MOST_OBJECTS) throw tooMany(kind);
      try {
        parsed.push(parse(object));
      } catch (error) {
        if (!hasCode(error, 'invalid-document')) throw error;
        skipped.push(`${formatObjectRef({ ...object, ...object.metadata })}: ${error.message}`);
      }
    }
  }
  return parsed;
}

/** Some kinds are for administrators in many clusters, or not served: without them the rest is still shown. */
export async function unlessForbidden<T, F>(reading: Promise<T>, otherwise: F): Promise<T | F> {
  try {
    return await reading;
  } catch (error) {
    if (hasCode(error, 'forbidden', 'not-served')) return otherwise;
    throw error;
  }
}
