import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';

/** `/api/v1` for the core group, `/apis/<group>/<version>` for the others (Kubernetes API concepts). */
export const groupVersionPath = (apiVersion: string): string =>
  apiVersion.includes('/')
    ? `/apis/${apiVersion.split('/').map(segment).join('/')}`
    : `/api/${segment(apiVersion)}`;

/** Encoding leaves dots alone, and an address reads them as steps: `..` would name another resource. */
function segment(name: string): string {
  if (/^\.{0,2}$/.test(name))
    throw new ModelpierError(
      'invalid-input',
      `${JSON.stringify(name)} is not the name of a Kubernetes resource`,
    );
  return encodeURIComponent(name);
}

/** `apps` of `apps/v1`, empty for the core group. */
export const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';

export interface ResourceAddress {
  readonly apiVersion: string;
  readonly plural: string;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** Every part is encoded: names come from manifests and annotations. */
export function resourcePath({ apiVersion, plural, namespace, name }: ResourceAddress): string {
  const within = namespace === undefined ? '' : `/namespaces/${segment(namespace)}`;
  const one = name === undefined ? '' : `/${segment(name)}`;
  return `${groupVersionPath(apiVersion)}${within}/${segment(plural)}${one}`;
}
