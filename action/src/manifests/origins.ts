import type { Position } from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import type { LoadedObject } from './parse-manifests';

/** Where an object was written, whether or not its namespace has been filled in since. */
export type OriginOf = (object: KubernetesObject) => Position | undefined;

export function originsOf(loaded: readonly LoadedObject[]): OriginOf {
  const origins = new Map(loaded.map(({ object, at }) => [keyOf(object), at]));
  return object => origins.get(keyOf(object)) ?? origins.get(keyOf(withoutNamespace(object)));
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
