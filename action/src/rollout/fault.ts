import { type Fault, formatObjectRef } from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import type { DeployOptions } from './deploy-options';
import { refOf } from './object-ref';

type OriginOf = DeployOptions['originOf'];

/** What is wrong with an object, and where it was written. */
export const faultOf = (object: KubernetesObject, message: string, originOf: OriginOf): Fault => ({
  path: formatObjectRef(refOf(object)),
  message,
  at: originOf?.(object),
});

/** ` (deploy/api.yaml:3)`, or nothing for what was in no file. */
export function shownOrigin(object: KubernetesObject, originOf: OriginOf): string {
  const at = originOf?.(object);
  return at === undefined ? '' : ` (${at.file}:${at.line})`;
}
