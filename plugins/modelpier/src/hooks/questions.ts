import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/frontend-plugin-api';
import {
  type AllocationAnswer,
  type DeploymentsAnswer,
  type EntityRef,
  type FleetAllocation,
  type FleetReuse,
  type HistoryAnswer,
  type HistoryRange,
  type ModelAnswer,
  ModelpierError,
  type ReleasesPage,
  type ReuseAnswer,
  type VersionDetail,
  type VersionDiff,
  type VersionsPage,
} from '@modelpier/backstage-plugin-modelpier-common';
import { modelpierApiRef } from '../api/modelpier-api';
import { type AskedPages, usePages } from './use-pages';
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

/** Which versions exist, newest first. */
export function useVersions(entity: Entity): AskedPages<VersionsPage> {
  const api = useApi(modelpierApiRef);
  return usePages(stringifyEntityRef(entity), options => api.readVersions(refOf(entity), options));
}

/** What one version is made of, layer by layer. */
export function useVersion(entity: Entity, digest: string): Asked<VersionDetail> {
  const api = useApi(modelpierApiRef);
  return usePolled(`${stringifyEntityRef(entity)}@${digest}`, signal =>
    api.readVersion(refOf(entity), digest, { signal }),
  );
}

/** What is another from one version to another. */
export function useVersionDiff(entity: Entity, before: string, after: string): Asked<VersionDiff> {
  const api = useApi(modelpierApiRef);
  return usePolled(`${stringifyEntityRef(entity)}@${before}..${after}`, signal =>
    api.readDiff(refOf(entity), before, after, { signal }),
  );
}

/** Where the model runs and how it stands there. */
export function useDeployments(entity: Entity): Asked<DeploymentsAnswer> {
  const api = useApi(modelpierApiRef);
  return usePolled(stringifyEntityRef(entity), signal => api.readDeployments(refOf(entity), { signal }));
}

/** What was released and how it ended, newest first; nothing where the backend is older than this page. */
export function useReleases(entity: Entity): AskedPages<ReleasesPage> & { readonly unserved: boolean } {
  const api = useApi(modelpierApiRef);
  const asked = usePages(stringifyEntityRef(entity), options => api.readReleases(refOf(entity), options));
  const { value, error } = asked;
  const unserved = value === undefined && error instanceof ModelpierError && error.code === 'not-found';
  return { ...asked, unserved };
}

/** What the model is allocated against its fair share R = T / N. */
export function useAllocation(entity: Entity): Asked<AllocationAnswer> {
  const api = useApi(modelpierApiRef);
  return usePolled(stringifyEntityRef(entity), signal => api.readAllocation(refOf(entity), { signal }));
}

/** How the model stood over time. */
export function useHistory(entity: Entity, range: HistoryRange): Asked<HistoryAnswer> {
  const api = useApi(modelpierApiRef);
  return usePolled(`${stringifyEntityRef(entity)}#${range}`, signal =>
    api.readHistory(refOf(entity), range, { signal }),
  );
}

/** How many bytes the newest version shares with what was there before. */
export function useReuse(entity: Entity): Asked<ReuseAnswer> {
  const api = useApi(modelpierApiRef);
  return usePolled(stringifyEntityRef(entity), signal => api.readReuse(refOf(entity), { signal }));
}

/** R = T / N of every cluster with all models together. */
export function useFleetAllocation(): Asked<FleetAllocation> {
  const api = useApi(modelpierApiRef);
  return usePolled('fleet', signal => api.readFleetAllocation({ signal }));
}

/** What sharing layers saves over all versions of all models. */
export function useFleetReuse(): Asked<FleetReuse> {
  const api = useApi(modelpierApiRef);
  return usePolled('fleet', signal => api.readFleetReuse({ signal }));
}
