import { isTree, type Tree } from '../parse/tree';
import type { FieldPath } from './field-path';
import { counterpartOf } from './list-items';

/** Parts that the server takes from nobody, or keeps elsewhere (`stringData` as `data`). */
const NOT_KEPT = new Set(['apiVersion', 'kind', 'metadata', 'status', 'stringData']);

/** What was applied and is not in the answer, not even with another value. */
export const droppedFields = (sent: Tree, answered: Tree): readonly FieldPath[] =>
  Object.entries(sent)
    .filter(([key]) => !NOT_KEPT.has(key))
    .flatMap(([key, value]) => droppedFrom(value, answered[key], [key]));

function droppedFrom(sent: unknown, answered: unknown, path: FieldPath): readonly FieldPath[] {
  if (isEmpty(sent)) return [];
  if (answered === undefined || answered === null) return [path];
  if (Array.isArray(sent)) {
    if (!Array.isArray(answered)) return [];
    const others: readonly unknown[] = answered;
    return sent.flatMap((item: unknown, index) => {
      if (!isTree(item)) return [];
      const kept = counterpartOf(item, others) ?? (sent.length === others.length ? others[index] : item);
      return droppedFrom(item, kept, [...path, index]);
    });
  }
  if (!isTree(sent) || !isTree(answered)) return [];
  return Object.entries(sent).flatMap(([key, value]) => droppedFrom(value, answered[key], [...path, key]));
}

/** What Go leaves out when it writes an object: nothing, zero, and what holds nothing else. */
function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isTree(value)) return Object.values(value).every(isEmpty);
  return value === null || value === undefined || value === '' || value === 0 || value === false;
}
