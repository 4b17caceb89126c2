import { type Fields, isFields } from '../object';

/** How the schema merges a value (structured-merge-diff; `x-kubernetes-list-type` in the OpenAPI document). */
export type Shape =
  { readonly type: 'leaf' | 'map' | 'set' } | { readonly type: 'list'; readonly keys: readonly string[] };

/** Lists whose items are told apart by keys, by the name of the field that holds them. */
const KEYED: Readonly<Record<string, readonly string[]>> = {
  conditions: ['type'],
  containers: ['name'],
  env: ['name'],
  ephemeralContainers: ['name'],
  hostAliases: ['ip'],
  imagePullSecrets: ['name'],
  initContainers: ['name'],
  ownerReferences: ['uid'],
  secrets: ['name'],
  topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
  volumeDevices: ['devicePath'],
  volumeMounts: ['mountPath'],
  volumes: ['name'],
};

/** Objects that have one owner as a whole. */
const ATOMIC = new Set([
  'configMapKeyRef',
  'fieldRef',
  'labelSelector',
  'namespaceSelector',
  'nodeSelector',
  'resourceFieldRef',
  'secretKeyRef',
  'selector',
]);

export function shapeOf(field: string, value: unknown): Shape {
  if (Array.isArray(value)) {
    if (field === 'finalizers') return { type: 'set' };
    const keys = field === 'ports' ? portKeys(value) : KEYED[field];
    return keys !== undefined && value.every(isFields) ? { type: 'list', keys } : { type: 'leaf' };
  }
  return isFields(value) && !ATOMIC.has(field) && Object.keys(value).length > 0
    ? { type: 'map' }
    : { type: 'leaf' };
}

/** Ports of a container and of a Service bear the same name and different keys. */
const portKeys = (ports: readonly unknown[]): readonly string[] =>
  ports.some(port => isFields(port) && 'containerPort' in port)
    ? ['containerPort', 'protocol']
    : ['port', 'protocol'];

/** `k:{"containerPort":8080,"protocol":"TCP"}`; keys that are left out have the schema's default. */
export function keyOf(item: Fields, keys: readonly string[]): string {
  const values = keys.map(key => [key, item[key] ?? (key === 'protocol' ? 'TCP' : '')]);
  return `k:${JSON.stringify(Object.fromEntries(values))}`;
}
