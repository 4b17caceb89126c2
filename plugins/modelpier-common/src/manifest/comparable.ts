import { RUN_FACT_ANNOTATIONS } from '../workload/run-facts';
import { isTree, type Tree } from '../parse/tree';
import { counterpartOf } from './list-items';

const STATUS = new Set(['status']);
/** What the cluster keeps for itself on every object. */
const SERVER_METADATA = new Set([
  'creationTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
]);
/** Notes of controllers and tools that say nothing of what is wanted. */
const NOTES = new Set([
  'deployment.kubernetes.io/revision',
  'kubectl.kubernetes.io/last-applied-configuration',
  ...RUN_FACT_ANNOTATIONS,
]);

/** The object as far as a person wants it so: without its status, the server's notes and the facts of runs. */
export function comparableObject(object: Tree): Tree {
  const { metadata } = object;
  return { ...without(object, STATUS), ...(isTree(metadata) && { metadata: comparableMetadata(metadata) }) };
}

function comparableMetadata({ annotations, ...metadata }: Tree): Tree {
  const kept = isTree(annotations) ? without(annotations, NOTES) : {};
  return {
    ...without(metadata, SERVER_METADATA),
    ...(Object.keys(kept).length > 0 && { annotations: kept }),
  };
}

const without = (tree: Tree, dropped: ReadonlySet<string>): Tree =>
  Object.fromEntries(Object.entries(tree).filter(([key]) => !dropped.has(key)));

/**
 * What an apply answered, without the defaults that the server filled into parts that are new. What it
 * wrote into parts that were there before is kept: a default would have been there, so somebody set it.
 */
export function withoutDefaults(answered: unknown, given: Given): unknown {
  const { live, sent } = given;
  if (Array.isArray(answered)) {
    return answered.flatMap((item: unknown) =>
      keepWanted(item, { live: counterpartOf(item, live), sent: counterpartOf(item, sent) }, given),
    );
  }
  if (!isTree(answered)) return answered;
  const fields = Object.entries(answered).map(([key, value]) => {
    const of = (tree: unknown): unknown => (isTree(tree) ? tree[key] : undefined);
    return [key, keepWanted(value, { live: of(live), sent: of(sent) }, given)[0]] as const;
  });
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

/** The same part of the object before the apply, and of what was applied. */
interface Given {
  readonly live: unknown;
  readonly sent: unknown;
}

function keepWanted(value: unknown, { live, sent }: Given, around: Given): readonly unknown[] {
  const isDefault = live === undefined && sent === undefined && around.live === undefined;
  return isDefault ? [] : [withoutDefaults(value, { live, sent: sent ?? value })];
}
