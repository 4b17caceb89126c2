import { isTree } from '../parse/tree';

/** By which field Kubernetes tells the items of a list apart (`x-kubernetes-list-map-keys`), likeliest first. */
const KEYS = ['name', 'containerPort', 'mountPath', 'devicePath', 'port', 'topologyKey', 'ip', 'type', 'key'];

/** The item that stands for this one in another version of the list; none where nothing tells. */
export function counterpartOf(item: unknown, others: unknown): unknown {
  if (!Array.isArray(others)) return undefined;
  if (!isTree(item)) return others.find(other => other === item);
  const key = KEYS.find(candidate => item[candidate] !== undefined);
  return key === undefined ? undefined : others.find(other => isTree(other) && other[key] === item[key]);
}
