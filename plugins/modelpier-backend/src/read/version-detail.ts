import {
  parseDigest,
  type VersionDetail,
  type VersionLayer,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { LayerRow } from '../database/rows';
import { chunks } from '../database/values';
import { groupBy } from '../domain/group-by';
import { callOf, factsOf } from '../domain/model-call';
import { type ImageLayer, readImagesOf, readLayersOf, readSayings } from './version-images';
import { findVersion, selectVersions } from './version-rows';
import { describeVersions } from './versions';

export interface VersionQuery {
  readonly modelId: number;
  readonly digest: string;
  readonly withPlacements: boolean;
  /** Whose names may be told where a layer is shared; `undefined` tells all. */
  readonly mayName: (entityRefs: readonly string[]) => Promise<ReadonlySet<string>>;
}

/** A version by its own digest or by that of one of its images; `undefined` where the model has none. */
export async function readVersionDetail(
  knex: Knex,
  { modelId, digest, withPlacements, mayName }: VersionQuery,
): Promise<Omit<VersionDetail, 'sources'> | undefined> {
  const row = await findVersion(knex, modelId, digest);
  if (row === undefined) return undefined;
  const [version] = await describeVersions(knex, [row], { withPlacements, withReferrers: true });
  if (version === undefined) return undefined;
  const previous =
    row.previous_id === null
      ? undefined
      : await selectVersions(knex).where('versions.id', row.previous_id).first();
  const [image] = await readImagesOf(knex, row.id);
  const manifestId = image?.manifestId ?? row.manifest_id;
  const layers = image === undefined ? [] : await readLayersOf(knex, manifestId);
  const sayings = await readSayings(knex, { topId: row.manifest_id, manifestId });
  const facts = factsOf(sayings);
  const call = callOf(sayings);
  return {
    version,
    layers: await readLayers(knex, layers, { modelId, previousId: row.previous_id, mayName }),
    previous: previous === undefined ? null : parseDigest(previous.digest),
    ...(facts !== undefined && { facts }),
    ...(call !== undefined && { call }),
  };
}

interface LayerQuery extends Pick<VersionQuery, 'modelId' | 'mayName'> {
  readonly previousId: number | null;
}

/** The layers of the image that pages show of the version. */
async function readLayers(
  knex: Knex,
  own: readonly ImageLayer[],
  query: LayerQuery,
): Promise<readonly VersionLayer[]> {
  const ids = [...new Set(own.map(({ layerId }) => layerId))];
  const before = new Set(query.previousId === null ? [] : await layersOf(knex, query.previousId));
  const sharing = await readSharing(knex, ids, query);
  return own.map(({ layerId, files, ...layer }, position) => ({
    position,
    ...layer,
    files: files ?? [],
    inPrevious: before.has(layerId),
    sharedWithVersions: sharing.versions.get(layerId) ?? 0,
    sharedWithModels: sharing.models.get(layerId) ?? [],
  }));
}

async function layersOf(knex: Knex, versionId: number): Promise<readonly number[]> {
  const rows = await knex('version_images')
    .join('manifest_layers', 'manifest_layers.manifest_id', 'version_images.manifest_id')
    .where('version_images.version_id', versionId)
    .distinct<{ layer_id: number }[]>('manifest_layers.layer_id');
  return rows.map(row => row.layer_id);
}

interface Sharing {
  readonly versions: ReadonlyMap<number, number>;
  readonly models: ReadonlyMap<number, readonly string[]>;
}

/** By the counts of repositories: a base that thousands have costs no more than a layer of its own. */
async function readSharing(
  knex: Knex,
  layerIds: readonly number[],
  { modelId, mayName }: LayerQuery,
): Promise<Sharing> {
  const counts = await knex<LayerRow>('layers')
    .whereIn('id', [...layerIds])
    .select('id', 'versions');
  const users = await readUsers(knex, layerIds, modelId);
  const named = await mayName([...new Set(users.map(row => row.entity_ref))]);
  const groups = groupBy(
    users.filter(row => named.has(row.entity_ref)),
    row => row.layer_id,
  );
  return {
    // The version itself has the layer, too.
    versions: new Map(counts.map(row => [row.id, Math.max(0, row.versions - 1)])),
    models: new Map(
      [...groups].map(([id, rows]) => [
        id,
        rows
          .slice(0, MOST_SHARING_MODELS)
          .map(row => row.entity_ref)
          .toSorted(),
      ]),
    ),
  };
}

/** Names beyond these help nobody; the count of versions tells how many there are. */
const MOST_SHARING_MODELS = 20;
/** Of these the caller may see some; who shares with thousands is told of those that were known first. */
const MOST_LOOKED_AT = 100;

interface LayerUser {
  layer_id: number;
  entity_ref: string;
}

/** Some for each layer, in one question for all of them. */
async function readUsers(
  knex: Knex,
  layerIds: readonly number[],
  modelId: number,
): Promise<readonly LayerUser[]> {
  const users: LayerUser[] = [];
  for (const part of chunks(layerIds, LAYERS_AT_ONCE)) {
    const each = part.map(id =>
      knex.from(selectUsers(knex, id, modelId).as('users')).select('layer_id', 'entity_ref'),
    );
    users.push(...((await knex.unionAll(each)) as LayerUser[]));
  }
  return users;
}

/** SQLite joins at most 500 questions to one. */
const LAYERS_AT_ONCE = 100;

const selectUsers = (knex: Knex, layerId: number, modelId: number): Knex.QueryBuilder =>
  knex('repository_layers')
    .join('model_repositories', 'model_repositories.repository_id', 'repository_layers.repository_id')
    .join('models', 'models.id', 'model_repositories.model_id')
    .where('repository_layers.layer_id', layerId)
    .whereNot('models.id', modelId)
    .orderBy('repository_layers.repository_id')
    .limit(MOST_LOOKED_AT)
    .select('repository_layers.layer_id', 'models.entity_ref');
