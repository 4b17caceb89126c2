import type { FieldPath, PathStep } from '@modelpier/backstage-plugin-modelpier-common';
import { isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml';

/** The name of the field at a path, as it is written; where it is not found, that of the field around it. */
export function nodeAt(root: unknown, path: FieldPath): unknown {
  let [named, value] = [root, root];
  for (const step of path) {
    const next = stepInto(value, step);
    if (next === undefined) return named;
    [named, value] = [next.key, next.value];
  }
  return named;
}

type Step = Pick<Pair, 'key' | 'value'>;

function stepInto(node: unknown, step: PathStep): Step | undefined {
  if (typeof step === 'string') return isMap(node) ? pairOf(node, step) : undefined;
  if (!isSeq(node)) return undefined;
  const item: unknown =
    typeof step === 'number' ? node.items[step] : node.items.find(each => isMap(each) && hasKeys(each, step));
  return item === undefined ? undefined : { key: item, value: item };
}

const pairOf = (map: YAMLMap, name: string): Step | undefined =>
  map.items.find(({ key }) => isScalar(key) && String(key.value) === name);

/** Keys that the item leaves out are the server's defaults. */
const hasKeys = (item: YAMLMap, keys: Extract<PathStep, object>): boolean =>
  Object.entries(keys).every(([key, value]) => !item.has(key) || item.get(key) === value) &&
  Object.keys(keys).some(key => item.has(key));
