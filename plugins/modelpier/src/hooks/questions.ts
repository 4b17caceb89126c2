import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/frontend-plugin-api';
import {
  type AllocationAnswer,
  type DeploymentsAnswer,
  type EntityRef,
  type ModelAnswer,
  type ReuseAnswer,
  type VersionDetail,
  type VersionsPage,
} from '@modelpier/backstage-plugin-modelpier-common';
import { useCallback, useRef } from 'react';
import { modelpierApiRef } from '../api/modelpier-api';
import { type Asked, usePolled } from './use-polled';

/** The entity as the routes name it. */
export const refOf = ({ kind, metadata }: Entity): EntityRef => ({
  kind: kind.toLocaleLowerCase('en-US'),
  namespace: metadata.namespace ?? 'default',
  name: metadata.name,
});

/** The model at a glance: newest version and where it runs. */
export function useModel(entity: Entity): Asked<ModelAnswer> {
  const api = useApi(modelpierApiRef);
  return usePolled(stringifyEntityRef(entity), signal => api.readModel(refOf(entity), { signal }));
}

/** Which versions exist, newest first: the first page, and another for each call of `more`. */
export function useVersions(entity: Entity): Asked<VersionsPage> & { readonly more: () => void } {
  const api = useApi(modelpierApiRef);
  const pages = useRef(1);
  const asked = usePolled(stringifyEntityRef(entity), async signal => {
    let page = await api.readVersions(refOf(entity), { signal });
    const items = [...page.items];
    for (let read = 1; read < pages.current && page.nextCursor !== null; read += 1) {
      page = await api.readVersions(refOf(entity), { signal, cursor: page.nextCursor });
      items.push(...page.items);
    }
    return { ...page, items };
  });
  const { refresh } = asked;
  const more = useCallback(() => {
    pages.current += 1;
    refresh();
  }, [refresh]);
  return { ...asked, more };
}

/** What one version is made of, layer by layer. */
export function useVersion(entity: Entity, digest: string): Asked<VersionDetail> {
  const api = useApi(modelpierApiRef);
  return usePolled(`${stringifyEntityRef(entity)}@${digest}`, signal =>
    api.readVersion(refOf(entity), digest, { signal }),
  );
}

/** Where the model runs and how it stands there. */
export function useDeployments(entity: Entity): Asked<DeploymentsAnswer> {
  const api = useApi(modelpierApiRef);
  return usePolled(stringifyEntityRef(entity), signal => api.readDeployments(refOf(entity), { signal }));
}

/** What the model is allocated against its fair share R = T / N. */
export function useAllocation(entity: Entity): Asked<AllocationAnswer> {
  const api = useApi(modelpierApiRef);
  return usePolled(stringifyEntityRef(entity), signal => api.readAllocation(refOf(entity), { signal }));
}

/** How many bytes the newest version shares with what was there before. */
export function useReuse(entity: Entity): Asked<ReuseAnswer> {
  const api = useApi(modelpierApiRef);
  return usePolled(stringifyEntityRef(entity), signal => api.readReuse(refOf(entity), { signal }));
}
