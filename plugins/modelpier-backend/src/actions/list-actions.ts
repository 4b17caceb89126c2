import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import {
  type EntityRef,
  MODEL_SORTS,
  type ModelSummary,
  STATES,
} from '@modelpier/backstage-plugin-modelpier-common';
import {
  deploymentReadPermission,
  fleetReadPermission,
  versionReadPermission,
} from '@modelpier/backstage-plugin-modelpier-common/permissions';
import type { RouteContext } from '../http/context';
import { sightOf } from '../http/fleet-routes';
import { readSummaries } from '../read/model-summary';
import { type ModelsQuestion, partsOf, readModelsPage } from '../read/models-page';
import { readVersionsPage } from '../read/versions';
import { readDeployments } from '../read/workloads';
import { answerAction, MODEL, READ_ONLY, visitByName } from './act-for-caller';

/** What an assistant reads at once; it may ask for the next page. */
const MOST_ITEMS = 50;
const DEFAULT_ITEMS = 20;

export function registerModels(registry: ActionsRegistryService, context: RouteContext): void {
  registry.register({
    name: 'list-models',
    title: 'List models',
    description:
      'Lists the ML models that the caller may see, with newest version, health, replicas and drift. Filter by part of the name, owner, cluster or health.',
    visibilityPermission: fleetReadPermission,
    attributes: READ_ONLY,
    schema: {
      input: zod =>
        zod.object({
          text: zod.string().max(100).optional().describe('Part of the name or title'),
          owner: zod.string().max(255).optional().describe('Entity reference of the owner'),
          cluster: zod.string().max(255).optional(),
          health: zod.enum(STATES).optional().describe('The worst state of its deployments'),
          drift: zod.boolean().optional().describe('Whether it runs something else than was released'),
          sort: zod
            .string()
            .max(20)
            .optional()
            .describe(`One of ${MODEL_SORTS.join(', ')}`),
          limit: zod.number().int().min(1).max(MOST_ITEMS).optional(),
          cursor: zod.string().max(1024).optional(),
        }),
      output: zod =>
        zod.object({
          models: zod.array(
            zod.object({
              model: zod.string(),
              title: zod.string().nullable(),
              owner: zod.string().nullable(),
              versions: zod.number(),
              newestVersion: zod.string().nullable(),
              health: zod.string().nullable(),
              places: zod.array(zod.string()),
              ready: zod.number(),
              desired: zod.number(),
              drift: zod.boolean(),
            }),
          ),
          total: zod.number(),
          nextCursor: zod.string().nullable(),
        }),
    },
    action: ({ input, credentials }) => answerAction(() => listModels(context, credentials, input)),
  });
}

interface ModelsInput extends ModelsQuestion {
  readonly sort?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

async function listModels(
  context: RouteContext,
  credentials: BackstageCredentials,
  { sort: wanted, limit = DEFAULT_ITEMS, cursor, ...asked }: ModelsInput,
) {
  const { access, knex } = context;
  await access.visitFleet(credentials, fleetReadPermission);
  const sort = MODEL_SORTS.find(each => each === wanted) ?? 'name';
  const { items, nextCursor, total } = await readModelsPage(knex, {
    ...asked,
    visible: await access.visibleModels(credentials),
    sight: await access.sight(credentials, partsOf(sort, asked)),
    sort,
    limit,
    cursor,
  });
  const ids = items.map(({ id }) => id);
  const summaries = await readSummaries(knex, ids, await sightOf(context, credentials, items));
  return { models: summaries.map(describeModel), total, nextCursor };
}

const nameOf = ({ kind, namespace, name }: EntityRef): string => `${kind}:${namespace}/${name}`;

const describeModel = (summary: ModelSummary) => ({
  model: nameOf(summary.entity),
  title: summary.title,
  owner: summary.owner,
  versions: summary.versions,
  newestVersion: summary.newest?.version ?? null,
  health: summary.health ?? null,
  places: summary.deployments.map(({ placement: { cluster, namespace } }) => `${cluster}/${namespace}`),
  ready: summary.replicas?.ready ?? 0,
  desired: summary.replicas?.desired ?? 0,
  drift: summary.deployments.some(({ drift }) => drift),
});

export function registerVersions(registry: ActionsRegistryService, context: RouteContext): void {
  registry.register({
    name: 'list-model-versions',
    title: 'List versions of a model',
    description:
      'Lists the versions of one ML model, newest first: tags, digest, size, bytes that the version before did not have, metrics, and where each runs.',
    visibilityPermission: fleetReadPermission,
    attributes: READ_ONLY,
    schema: {
      input: zod =>
        zod.object({
          model: zod.string().max(255).describe(MODEL),
          limit: zod.number().int().min(1).max(MOST_ITEMS).optional(),
          cursor: zod.string().max(1024).optional(),
        }),
      output: zod =>
        zod.object({
          versions: zod.array(
            zod.object({
              version: zod.string().nullable(),
              digest: zod.string(),
              tags: zod.array(zod.string()),
              sizeBytes: zod.number(),
              newBytes: zod.number().nullable(),
              metrics: zod.record(zod.number()),
              commit: zod.string().nullable(),
              firstSeenAt: zod.string(),
              runsIn: zod.array(zod.string()),
            }),
          ),
          total: zod.number(),
          nextCursor: zod.string().nullable(),
        }),
    },
    action: ({ input: { model, limit = DEFAULT_ITEMS, cursor }, credentials }) =>
      answerAction(async () => {
        const visit = await visitByName(context, credentials, { model, permission: versionReadPermission });
        const { items, total, nextCursor } = await readVersionsPage(context.knex, {
          modelId: visit.model.id,
          limit,
          cursor,
          withPlacements: await visit.may(deploymentReadPermission),
        });
        const versions = items.map(version => ({
          version: version.version,
          digest: version.digest,
          tags: [...version.tags],
          sizeBytes: version.sizeBytes,
          newBytes: version.newBytes,
          metrics: { ...version.metrics },
          commit: version.commit,
          firstSeenAt: version.firstSeenAt,
          runsIn: version.deployedIn.map(({ cluster, namespace }) => `${cluster}/${namespace}`),
        }));
        return { versions, total, nextCursor };
      }),
  });
}

export function registerDeployments(registry: ActionsRegistryService, context: RouteContext): void {
  registry.register({
    name: 'list-model-deployments',
    title: 'List deployments of a model',
    description:
      'Lists where one ML model runs: cluster, namespace, version by running digest, replicas, health with its reason, and whether it drifted from what was released.',
    visibilityPermission: fleetReadPermission,
    attributes: READ_ONLY,
    schema: {
      input: zod => zod.object({ model: zod.string().max(255).describe(MODEL) }),
      output: zod =>
        zod.object({
          deployments: zod.array(
            zod.object({
              cluster: zod.string(),
              namespace: zod.string(),
              environment: zod.string().nullable(),
              workload: zod.string(),
              version: zod.string().nullable(),
              ready: zod.number(),
              desired: zod.number(),
              health: zod.string(),
              message: zod.string(),
              drift: zod.boolean(),
              observedAt: zod.string(),
            }),
          ),
        }),
    },
    action: ({ input: { model }, credentials }) =>
      answerAction(async () => {
        const permission = deploymentReadPermission;
        const visit = await visitByName(context, credentials, { model, permission });
        const deployments = await readDeployments(context.knex, [visit.model]);
        return {
          deployments: (deployments.get(visit.model.id) ?? []).map(each => ({
            cluster: each.cluster,
            namespace: each.namespace,
            environment: each.environment,
            workload: `${each.workload.kind}/${each.workload.name}`,
            version: each.version,
            ready: each.replicas.ready,
            desired: each.replicas.desired,
            health: each.status.state,
            message: each.status.message,
            drift: each.drift,
            observedAt: each.observedAt,
          })),
        };
      }),
  });
}
