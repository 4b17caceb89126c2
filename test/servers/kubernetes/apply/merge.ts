import { type Fields, isFields } from '../object';
import { keyOf, shapeOf } from './shape';

/** What `live` becomes when `applied` is laid over it; lists with keys are merged item by item. */
export function merge(live: Fields, applied: Fields): Fields {
  const merged: Fields = { ...live };
  for (const [field, value] of Object.entries(applied)) {
    if (value === null || value === undefined) continue;
    merged[field] = mergeField(field, live[field], value);
  }
  return merged;
}

function mergeField(field: string, live: unknown, applied: unknown): unknown {
  const shape = shapeOf(field, applied);
  if (shape.type === 'map' && isFields(live)) return merge(live, applied as Fields);
  if (shape.type === 'list' && Array.isArray(live)) return mergeLists(live, applied as Fields[], shape.keys);
  if (shape.type === 'set' && Array.isArray(live)) {
    const known = new Set(live.map(item => JSON.stringify(item)));
    return [
      ...(live as unknown[]),
      ...(applied as unknown[]).filter(item => !known.has(JSON.stringify(item))),
    ];
  }
  if (isFields(applied) && Object.keys(applied).length === 0 && isFields(live)) return live;
  return structuredClone(applied);
}

function mergeLists(live: unknown[], applied: readonly Fields[], keys: readonly string[]): unknown[] {
  const left = new Map(applied.map(item => [keyOf(item, keys), item]));
  const merged = live.map(item => {
    if (!isFields(item)) return item;
    const id = keyOf(item, keys);
    const over = left.get(id);
    left.delete(id);
    return over === undefined ? item : merge(item, over);
  });
  return [...merged, ...structuredClone([...left.values()])];
}

/** JSON merge patch (RFC 7386), in which `null` removes. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch;
  const result: Fields = isFields(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, key);
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}
