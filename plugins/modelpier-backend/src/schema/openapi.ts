import {
  HISTORY_RANGES,
  MODEL_SORTS,
  RELEASE_VERDICTS,
  STATES,
} from '@modelpier/backstage-plugin-modelpier-common';
import { schemas } from './components';
import { digest, oneOf, ref, type Schema, text } from './json-schema';

/** Pages longer than this are no pages; the default fits a screen. */
const MOST_ITEMS = 100;
export const DEFAULT_ITEMS = 25;
export const DEFAULT_RANGE = 'week';

const parameter = (name: string, schema: Schema, place: 'query' | 'path' = 'query') => ({
  name,
  in: place,
  schema,
  ...(place === 'path' && { required: true }),
});
/** Dots alone are steps in a path, and no entity is called that. */
const SEGMENT = { type: 'string', maxLength: 63, pattern: '^(?!\\.{1,2}$)' };
const MODEL = ['namespace', 'kind', 'name'].map(name => parameter(name, SEGMENT, 'path'));
const PAGE = [
  parameter('limit', { type: 'integer', minimum: 1, maximum: MOST_ITEMS, default: DEFAULT_ITEMS }),
  parameter('cursor', { type: 'string', maxLength: 1024 }),
];

const answer = (schema: string, status = '200') => ({
  [status]: {
    description: schema,
    content: { 'application/json': { schema: ref(schema) } },
  },
  default: {
    description: 'Why there is no answer (RFC 9457).',
    content: { 'application/problem+json': { schema: ref('Problem') } },
  },
});

const read = (
  operationId: string,
  schema: string,
  { summary, parameters = [] }: { summary: string; parameters?: readonly object[] },
) => ({ get: { operationId, summary, parameters, responses: answer(schema) } });

/** A workflow of the model's repository does it; the portal itself never writes to a cluster. */
const start = (operationId: string, body: string, summary: string) => ({
  operationId,
  summary,
  parameters: MODEL,
  requestBody: { required: true, content: { 'application/json': { schema: ref(body) } } },
  responses: answer('DispatchAnswer', '202'),
});

const model = '/v1/models/{namespace}/{kind}/{name}';

/** The portal's API; every request is checked against it before a handler sees it. */
export const openApiDocument = {
  openapi: '3.1.0',
  info: {
    title: 'Modelpier portal',
    version: '1',
    description:
      'Versions, deployments, resource allocation and layer reuse of models, as last collected from registries and clusters. Reads never ask either.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: '/' }],
  paths: {
    '/v1/models': read('listModels', 'ModelsPage', {
      summary: 'Models that the caller may see.',
      parameters: [
        ...PAGE,
        parameter('filter', { ...text, maxLength: 100, description: 'Part of the name or title.' }),
        parameter('owner', { ...text, maxLength: 255, description: 'Entity reference of the owner.' }),
        parameter('cluster', { ...text, maxLength: 255, description: 'Name of a cluster it runs in.' }),
        parameter('namespace', { ...text, maxLength: 255, description: 'Namespace that it runs in.' }),
        parameter('environment', { ...text, maxLength: 255, description: 'Environment that it runs in.' }),
        parameter('health', { ...oneOf(STATES), description: 'The worst state of its deployments.' }),
        parameter('drift', { type: 'boolean', description: 'Whether it runs something else than released.' }),
        parameter('sort', { ...oneOf(MODEL_SORTS), default: 'name' }),
        parameter('totals', { type: 'boolean', description: 'Whether sums over all that fit are wanted.' }),
        parameter('choices', { type: 'boolean', description: 'Whether what can be filtered by is wanted.' }),
      ],
    }),
    [model]: read('getModel', 'ModelAnswer', { summary: 'One model.', parameters: MODEL }),
    [`${model}/versions`]: read('listVersions', 'VersionsPage', {
      summary: "A model's versions, newest first.",
      parameters: [...MODEL, ...PAGE],
    }),
    [`${model}/versions/{digest}`]: read('getVersion', 'VersionDetail', {
      summary: 'One version and its layers; by its own digest or by that of one of its images.',
      parameters: [...MODEL, parameter('digest', digest, 'path')],
    }),
    [`${model}/versions/{digest}/diff/{other}`]: read('getDiff', 'VersionDiff', {
      summary: 'What is another from one version to the other: layers, files, settings, metrics, signature.',
      parameters: [...MODEL, parameter('digest', digest, 'path'), parameter('other', digest, 'path')],
    }),
    [`${model}/releases`]: read('listReleases', 'ReleasesPage', {
      summary: 'What was released, by whom, with which verdict and why; newest first.',
      parameters: [
        ...MODEL,
        ...PAGE,
        parameter('cluster', { ...text, maxLength: 255, description: 'Name of a cluster.' }),
        parameter('namespace', { ...text, maxLength: 255, description: 'Namespace of the ledger.' }),
        parameter('verdict', oneOf(RELEASE_VERDICTS)),
      ],
    }),
    [`${model}/history`]: read('getHistory', 'HistoryAnswer', {
      summary: 'Replicas, allocation and use over time, with the versions and releases of that time.',
      parameters: [
        ...MODEL,
        parameter('range', { ...oneOf(HISTORY_RANGES), default: DEFAULT_RANGE }),
        parameter('cluster', { ...text, maxLength: 255, description: 'Only there; else of all clusters.' }),
      ],
    }),
    [`${model}/deployments`]: read('listDeployments', 'DeploymentsAnswer', {
      summary: 'Where the model runs, and which version.',
      parameters: MODEL,
    }),
    [`${model}/allocation`]: read('getAllocation', 'AllocationAnswer', {
      summary: "R = T / N for each scope the model runs in, and the model's part.",
      parameters: MODEL,
    }),
    [`${model}/reuse`]: read('getReuse', 'ReuseAnswer', {
      summary: 'R = 1 - (S1 + ... + SN) / S0 of the newest version, and of all together.',
      parameters: MODEL,
    }),
    [`${model}/refresh`]: {
      post: {
        operationId: 'refreshModel',
        summary: "Reads the model's sources now, unless that was just done.",
        parameters: MODEL,
        responses: answer('RefreshAnswer', '202'),
      },
    },
    [`${model}/rollback`]: {
      post: start('rollBack', 'RollbackRequest', 'Starts the workflow that goes back to an earlier release.'),
    },
    [`${model}/promote`]: {
      post: start('promote', 'PromoteRequest', 'Starts the workflow that releases a version elsewhere.'),
    },
    '/v1/fleet/allocation': read('getFleetAllocation', 'FleetAllocation', {
      summary: 'R = T / N of each cluster and pool, with all models together.',
    }),
    '/v1/fleet/reuse': read('getFleetReuse', 'FleetReuse', {
      summary: 'What layer sharing saves over all versions of all models.',
    }),
    '/v1/fleet/orphans': read('listOrphans', 'OrphansPage', {
      summary:
        'Workloads that say which model they serve, while the catalog has no such model; for callers who may see the deployments of every model.',
      parameters: PAGE,
    }),
    '/v1/sources': read('listSources', 'SourcesAnswer', {
      summary: 'Registries and clusters, and how fresh their rows are.',
    }),
  },
  components: { schemas },
} as const;
