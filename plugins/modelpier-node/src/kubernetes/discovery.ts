import {
  flag,
  list,
  ModelpierError,
  object,
  parseWith,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Waiting } from '../registry/ports';
import type { Api } from './api';
import type { Discovery } from './ports';
import { groupOf, groupVersionPath } from './resource-path';

const resourceList = object({ resources: list(object({ name: text, kind: text, namespaced: flag })) });
const coreVersions = object({ versions: list(text) });
const groupList = object({ groups: list(object({ versions: list(object({ groupVersion: text })) })) });

export interface ServedKind {
  readonly plural: string;
  readonly namespaced: boolean;
}

export interface KindResolver extends Discovery {
  /** As `servedKind`, but throws `not-served`, naming what the cluster does serve. */
  readonly requireKind: (
    apiVersion: string,
    kind: string,
    act: string,
    options?: Waiting,
  ) => Promise<ServedKind>;
}

type KindsByName = ReadonlyMap<string, ServedKind>;

/** Resource lists are kept; a kind that was not there is asked for again, as a CRD may have come since. */
export function createDiscovery(api: Api): KindResolver {
  const known = new Map<string, KindsByName>();

  const servedKind: Discovery['servedKind'] = async (apiVersion, kind, { signal } = {}) => {
    const kept = known.get(apiVersion)?.get(kind);
    if (kept !== undefined) return kept;
    const kinds = await readKinds(api, apiVersion, signal);
    known.set(apiVersion, kinds);
    return kinds.get(kind);
  };

  const servedVersions: Discovery['servedVersions'] = ({ signal } = {}) => readVersions(api, signal);

  const requireKind: KindResolver['requireKind'] = async (apiVersion, kind, act, options = {}) => {
    const served = await servedKind(apiVersion, kind, options);
    if (served !== undefined) return served;
    const others = await versionsWith(kind, apiVersion, options);
    throw new ModelpierError(
      'not-served',
      `${act}: NOT_SERVED: ${api.server} does not serve ${kind} ${apiVersion}`,
      {
        hint:
          others.length === 0
            ? `install what defines ${kind}, or leave the object out`
            : `set its apiVersion to ${others.join(' or ')}, which the cluster serves`,
      },
    );
  };

  /** In the same group where it has other versions, else in any: kinds have moved (Ingress left `extensions`). */
  async function versionsWith(kind: string, wanted: string, options: Waiting): Promise<string[]> {
    const versions = await servedVersions(options);
    const near = versions.filter(version => groupOf(version) === groupOf(wanted));
    const found: string[] = [];
    for (const version of near.length > 0 ? near : versions) {
      if (await servedKind(version, kind, options)) found.push(version);
    }
    return found;
  }

  return { servedKind, servedVersions, requireKind };
}

async function readKinds(api: Api, apiVersion: string, signal?: AbortSignal): Promise<KindsByName> {
  const path = groupVersionPath(apiVersion);
  const act = `discover ${apiVersion}`;
  const reply = await api.call({ method: 'GET', path, act, signal }, { accept: [404] });
  if (reply.status === 404) return new Map();
  const { resources } = parseWith(resourceList, reply.json, `resource list of ${apiVersion}`);
  return new Map(
    resources
      .filter(({ name }) => !name.includes('/'))
      .map(({ name, kind, namespaced }) => [kind, { plural: name, namespaced }]),
  );
}

async function readVersions(api: Api, signal?: AbortSignal): Promise<readonly string[]> {
  const act = 'discover the served versions';
  // One after the other: where the first is refused, the second would only be tried in vain.
  const core = await api.call({ method: 'GET', path: '/api', act, signal });
  const groups = await api.call({ method: 'GET', path: '/apis', act, signal });
  return [
    ...parseWith(coreVersions, core.json, 'API versions').versions,
    ...parseWith(groupList, groups.json, 'API groups').groups.flatMap(({ versions }) =>
      versions.map(({ groupVersion }) => groupVersion),
    ),
  ];
}
