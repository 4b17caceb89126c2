import { groupOf, type KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';

/** A kind in whatever version, as ApplySets write it: `Deployment.apps`, and `Service` of the core group. */
export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

export const groupKindOf = ({
  apiVersion,
  kind,
}: Pick<KubernetesObject, 'apiVersion' | 'kind'>): GroupKind => ({
  group: groupOf(apiVersion),
  kind,
});

export const formatGroupKind = ({ group, kind }: GroupKind): string =>
  group === '' ? kind : `${kind}.${group}`;

export function parseGroupKind(text: string): GroupKind {
  const [kind = '', ...group] = text.split('.');
  return { kind, group: group.join('.') };
}
