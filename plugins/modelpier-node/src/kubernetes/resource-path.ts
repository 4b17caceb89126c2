/** `/api/v1` for the core group, `/apis/<group>/<version>` for the others (Kubernetes API concepts). */
export const groupVersionPath = (apiVersion: string): string =>
  apiVersion.includes('/')
    ? `/apis/${apiVersion.split('/').map(encodeURIComponent).join('/')}`
    : `/api/${encodeURIComponent(apiVersion)}`;

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
  const within = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const one = name === undefined ? '' : `/${encodeURIComponent(name)}`;
  return `${groupVersionPath(apiVersion)}${within}/${encodeURIComponent(plural)}${one}`;
}
