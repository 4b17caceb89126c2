import { noSuchResource } from '../refused';
import { groupVersionOf, type Resource, resourceOf } from '../resources';

/** What a path of the object API names. */
export interface Target {
  readonly resource: Resource;
  readonly version: string;
  readonly apiVersion: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  /** What follows the subresource, as in `nodes/n/proxy/stats/summary`. */
  readonly rest: string;
}

/** `/api/v1/...` or `/apis/<group>/<version>/...`; the parts that follow decide between list and object. */
export function parseTarget(path: string): Target {
  const { group, version, rest: parts } = splitVersion(path);
  const { namespace, rest: within } = splitNamespace(parts);
  const [plural = '', name = '', subresource, ...rest] = within;
  const resource = resourceOf(group, plural);
  if (resource?.versions.includes(version) !== true) throw noSuchResource();
  return {
    resource,
    version,
    apiVersion: groupVersionOf(group, version),
    namespace: resource.namespaced ? namespace : undefined,
    name: name === '' ? undefined : name,
    subresource,
    rest: rest.join('/'),
  };
}

function splitVersion(path: string): { group: string; version: string; rest: string[] } {
  const [root, ...parts] = path.split('/').slice(1).map(decodeURIComponent);
  if (root !== 'api' && root !== 'apis') throw noSuchResource();
  const [group = '', version = '', ...rest] = root === 'api' ? ['', ...parts] : parts;
  return { group, version, rest };
}

/** `namespaces/apps/pods` names a namespace's pods, `namespaces/apps` the namespace itself. */
function splitNamespace(parts: string[]): { namespace: string | undefined; rest: string[] } {
  const [first, namespace, third] = parts;
  const isScope = first === 'namespaces' && third !== undefined && !['status', 'finalize'].includes(third);
  return isScope ? { namespace, rest: parts.slice(2) } : { namespace: undefined, rest: parts };
}
