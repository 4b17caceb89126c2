import { type Resource, groupVersionOf, RESOURCES } from '../resources';

const VERBS = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];

/** The documents by which clients learn what is served; `undefined` for any other path. */
export function discover(path: string): unknown {
  const parts = path.split('/').filter(part => part !== '');
  if (path === '/version') return { major: '1', minor: '30', gitVersion: 'v1.30.0', platform: 'linux/amd64' };
  if (parts[0] === 'api') {
    if (parts.length === 1) return { kind: 'APIVersions', versions: ['v1'] };
    return parts.length === 2 && parts[1] === 'v1' ? resourceList('', 'v1') : undefined;
  }
  if (parts[0] !== 'apis') return undefined;
  if (parts.length === 1) return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups() };
  const [, group = '', version = ''] = parts;
  return parts.length === 3 ? resourceList(group, version) : undefined;
}

function groups(): unknown[] {
  const named = [...new Set(RESOURCES.map(({ group }) => group))].filter(group => group !== '');
  return named.map(name => {
    const versions = [
      ...new Set(RESOURCES.filter(({ group }) => group === name).flatMap(one => one.versions)),
    ];
    const listed = versions
      .sort()
      .reverse()
      .map(version => ({ groupVersion: `${name}/${version}`, version }));
    return { name, versions: listed, preferredVersion: listed[0] };
  });
}

function resourceList(group: string, version: string): unknown {
  const served = RESOURCES.filter(one => one.group === group && one.versions.includes(version));
  if (served.length === 0) return undefined;
  const groupVersion = groupVersionOf(group, version);
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: served.map(describe) };
}

const describe = ({ plural, kind, namespaced }: Resource): unknown => ({
  name: plural,
  singularName: kind.toLowerCase(),
  namespaced,
  kind,
  verbs: VERBS,
});
