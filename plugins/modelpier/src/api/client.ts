import {
  allocationAnswer,
  type Decoder,
  deploymentsAnswer,
  type DispatchAnswer,
  dispatchAnswer,
  type EntityRef,
  fleetAllocation,
  fleetReuse,
  historyAnswer,
  modelAnswer,
  modelsPage,
  releasesPage,
  reuseAnswer,
  routes,
  versionDetail,
  versionDiff,
  versionsPage,
} from '@modelpier/backstage-plugin-modelpier-common';
import { createConnection, type ConnectionPorts } from './connection';
import {
  type AskOptions,
  type ModelpierApi,
  type ModelsPageOptions,
  type ModelsQuestion,
  type PageOptions,
} from './modelpier-api';

/** Asks the backend, and parses every answer. */
export function createModelpierClient(ports: ConnectionPorts): ModelpierApi {
  const { send, ask } = createConnection(ports);

  const read = <T>(path: string, decoder: Decoder<T>, { signal }: AskOptions): Promise<T> =>
    ask('GET', path, { decoder, signal });

  const start = (path: string, body: object, { signal }: AskOptions): Promise<DispatchAnswer> =>
    ask('POST', path, { decoder: dispatchAnswer, signal, body });

  const readPage = <T>(path: string, decoder: Decoder<T>, { cursor, signal }: PageOptions): Promise<T> => {
    const query = cursor === undefined ? '' : `?cursor=${encodeURIComponent(cursor)}`;
    return read(`${path}${query}`, decoder, { signal });
  };

  return {
    readModel: (entity, options) => read(routes.model(entity), modelAnswer, options),
    readVersions: (entity, options) => readPage(routes.versions(entity), versionsPage, options),
    readVersion: (entity, digest, options) => read(routes.version(entity, digest), versionDetail, options),
    readDiff: (entity, before, after, options) =>
      read(routes.diff(entity, before, after), versionDiff, options),
    readDeployments: (entity, options) => read(routes.deployments(entity), deploymentsAnswer, options),
    readReleases: (entity, options) => readPage(routes.releases(entity), releasesPage, options),
    readHistory: (entity, range, options) =>
      read(`${routes.history(entity)}?range=${range}`, historyAnswer, options),
    readAllocation: (entity, options) => read(routes.allocation(entity), allocationAnswer, options),
    readReuse: (entity, options) => read(routes.reuse(entity), reuseAnswer, options),
    readModels: (question, { signal, ...options }) =>
      read(`${routes.models}?${modelsQuery(question, options)}`, modelsPage, { signal }),
    readFleetAllocation: options => read(routes.fleetAllocation, fleetAllocation, options),
    readFleetReuse: options => read(routes.fleetReuse, fleetReuse, options),
    refresh: async (entity: EntityRef, options: AskOptions) => {
      await send('POST', routes.refresh(entity), options);
    },
    rollBack: (entity, request, options) => start(routes.rollback(entity), request, options),
    promote: (entity, request, options) => start(routes.promote(entity), request, options),
  };
}

/** In one order, so that the same question is the same address. */
function modelsQuery(
  question: ModelsQuestion,
  { limit, cursor, withTotals }: Omit<ModelsPageOptions, 'signal'>,
): URLSearchParams {
  const { filter, owner, cluster, environment, health, drift, sort } = question;
  const told = { filter, owner, cluster, environment, health, drift, sort, limit, cursor };
  const sums = withTotals ? { totals: true, choices: true } : {};
  return new URLSearchParams(
    Object.entries({ ...told, ...sums }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  );
}
