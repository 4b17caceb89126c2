import { type ObjectRef } from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from './ports';

export const refOf = ({ apiVersion, kind, metadata }: KubernetesObject): ObjectRef => ({
  apiVersion,
  kind,
  ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
  name: metadata.name,
});
