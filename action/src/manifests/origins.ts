import type { FieldPath, Position } from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import type { LoadedObject } from './parse-manifests';

/** Where an object, or one of its fields, was written, whether or not its namespace has been filled in since. */
export type OriginOf = (object: KubernetesObject, path?: FieldPath) => Position | undefined;

export function originsOf(loaded: readonly LoadedObject[]): OriginOf {
  const origins = new Map(loaded.map(entry => [keyOf(entry.object), entry]));
  return (object, path = []) => {
    const origin = origins.get(keyOf(object)) ?? origins.get(keyOf(withoutNamespace(object)));
    return path.length === 0 ? origin?.at : origin?.locate(path);
  };
}

/** Which object, in whatever version of its group it is written. */
export function keyOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  const [group = ''] = apiVersion.includes('/') ? apiVersion.split('/') : [];
  return [group, kind, metadata.namespace ?? '', metadata.name].join(' ');
}

const withoutNamespace = (object: KubernetesObject): KubernetesObject => ({
  ...object,
  metadata: { ...object.metadata, namespace: undefined },
});
