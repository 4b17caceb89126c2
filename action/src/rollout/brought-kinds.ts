import {
  flag,
  hasCode,
  list,
  object,
  optional,
  parseWith,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';

const definition = object({
  spec: object({
    group: text,
    scope: text,
    names: object({ kind: text }),
    versions: list(object({ name: text, served: optional(flag) })),
  }),
});

export interface BroughtKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

export const isDefinition = ({ apiVersion, kind }: KubernetesObject): boolean =>
  kind === 'CustomResourceDefinition' && apiVersion.startsWith('apiextensions.k8s.io/');

/** The kinds that the cluster serves once these objects are applied; what is no definition, or a broken one, brings none. */
export const broughtKinds = (objects: readonly KubernetesObject[]): readonly BroughtKind[] =>
  objects.filter(isDefinition).flatMap(kindsOf);

function kindsOf(value: KubernetesObject): readonly BroughtKind[] {
  try {
    const { group, scope, names, versions } = parseWith(definition, value, 'definition').spec;
    return versions
      .filter(({ served }) => served !== false)
      .map(({ name }) => ({
        apiVersion: `${group}/${name}`,
        kind: names.kind,
        namespaced: scope === 'Namespaced',
      }));
  } catch (error) {
    // The server says better what is wrong with it.
    if (hasCode(error, 'invalid-document')) return [];
    throw error;
  }
}

/** Whether these objects bring the kind of this one. */
export const findBrought = (
  { apiVersion, kind }: KubernetesObject,
  brought: readonly BroughtKind[],
): BroughtKind | undefined => brought.find(each => each.apiVersion === apiVersion && each.kind === kind);
