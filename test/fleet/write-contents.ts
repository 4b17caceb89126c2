import {
  IMAGE_MODEL,
  IMAGE_REVISION,
  IMAGE_VERSION,
  OCI_LAYER_TAR,
  OCI_MANIFEST,
} from '@modelpier/backstage-plugin-modelpier-common';
import { readImageFacts } from '../../plugins/modelpier-backend/src/domain/image-facts';
import { versionKey } from '../../plugins/modelpier-backend/src/domain/version-key';
import { commitOf, digestFor, type PlannedModel, versionDigest, versionText } from './fleet-plan';
import { createLayerPool, type FleetLayer, type LayerPool } from './layer-pool';
import { createRandom } from './random';
import type { RowWriter } from './row-writer';

/** The oldest version of every model is about so old. */
const BEGUN_MS = Date.parse('2024-01-01T00:00:00Z');
const RELEASED_EVERY_MS = 6 * 60 * 60 * 1000;

/** Ids are whole numbers from 1, as the tables would have given them. */
export interface FleetIds {
  manifests: number;
  versions: number;
}

export function createContentWriter(writer: RowWriter, seed: number) {
  const pool = createLayerPool(seed);
  const ids: FleetIds = { manifests: 0, versions: 0 };
  return {
    ids,
    write: (model: PlannedModel, now: number) => writeModel({ writer, pool, ids, seed }, model, now),
  };
}

interface Context {
  readonly writer: RowWriter;
  readonly pool: LayerPool;
  readonly ids: FleetIds;
  readonly seed: number;
}

/** A model with its repository, its versions and all that hangs on them. */
async function writeModel(context: Context, model: PlannedModel, now: number): Promise<void> {
  const { writer, pool, seed } = context;
  const id = model.index + 1;
  const { name, title, owner, registry, path } = model;
  await writer.write('models', {
    id,
    entity_ref: `component:default/${name}`,
    kind: 'component',
    namespace: 'default',
    name,
    title,
    owner,
    workload_namespace: null,
    workload_selector: null,
    problems: '[]',
  });
  const at = new Date(now).toISOString();
  await writer.write('repositories', {
    id,
    registry,
    path,
    state: 'ok',
    message: null,
    observed_at: at,
    is_counted: 1,
  });
  await writer.write('model_repositories', { model_id: id, repository_id: id, position: 0 });
  const images = pool.imagesOf(model, createRandom(seed * 31 + model.index));
  const counts = new Map<FleetLayer, { occurrences: number; versions: number }>();
  let previous: readonly FleetLayer[] | undefined;
  for (let version = 0; version < model.versions; version += 1) {
    const layers = images.next();
    for (const layer of layers) {
      if (layer.isNew) await writer.write('layers', { id: layer.id, ...layer.row });
      layer.isNew = false;
      const count = counts.get(layer) ?? { occurrences: 0, versions: 0 };
      counts.set(layer, { occurrences: count.occurrences + 1, versions: count.versions + 1 });
    }
    await writeVersion(context, { model, version, layers, previous, now });
    previous = layers;
  }
  for (const [layer, { occurrences, versions }] of counts) {
    await writer.write('repository_layers', {
      repository_id: id,
      layer_id: layer.id,
      occurrences,
      base_occurrences: layer.kind === 'base' ? occurrences : 0,
      versions,
    });
  }
}

interface Release {
  readonly model: PlannedModel;
  readonly version: number;
  readonly layers: readonly FleetLayer[];
  readonly previous: readonly FleetLayer[] | undefined;
  readonly now: number;
}

async function writeVersion({ writer, ids }: Context, release: Release): Promise<void> {
  const { model, version, layers, previous, now } = release;
  const manifestId = (ids.manifests += 1);
  const digest = versionDigest(model.index, version);
  const text = versionText(version);
  const commit = commitOf(model.index, version);
  const annotations = { [IMAGE_VERSION]: text, [IMAGE_MODEL]: model.name, [IMAGE_REVISION]: commit };
  const size = sumSizes(layers);
  await writer.write('configs', {
    id: manifestId,
    digest: digestFor(`config ${digest}`),
    document: JSON.stringify({ labels: {}, diffIds: layers.map(layer => layer.row.digest) }),
  });
  await writer.write('manifests', {
    id: manifestId,
    digest,
    media_type: OCI_MANIFEST,
    platform: 'linux/amd64',
    config_id: manifestId,
    size_bytes: size,
    annotations: JSON.stringify(annotations),
    children: '[]',
  });
  for (const [position, layer] of layers.entries()) {
    await writer.write('manifest_layers', {
      manifest_id: manifestId,
      position,
      layer_id: layer.id,
      media_type: OCI_LAYER_TAR,
      kind: layer.kind,
      files: layer.kind === 'base' ? null : `["srv/${layer.kind}-${position}.bin"]`,
    });
  }
  const versionId = (ids.versions += 1);
  const age = (model.versions - version) * RELEASED_EVERY_MS;
  const at = new Date(Math.max(BEGUN_MS, now - age)).toISOString();
  const had = new Set(previous);
  const newBytes = sumSizes(layers.filter(layer => !had.has(layer)));
  await writer.write('versions', {
    id: versionId,
    repository_id: model.index + 1,
    manifest_id: manifestId,
    version: text,
    version_key: versionKey(text),
    ordered_at: at,
    first_seen_at: at,
    size_bytes: size,
    previous_id: previous === undefined ? null : versionId - 1,
    new_bytes: newBytes,
    reuse_ratio: (size - newBytes) / size,
    facts: JSON.stringify(readImageFacts(annotations)),
  });
  await writer.write('version_images', {
    version_id: versionId,
    manifest_id: manifestId,
    platform: 'linux/amd64',
    position: 0,
  });
  const tags = [text, `sha-${commit.slice(0, 12)}`, ...(version === model.versions - 1 ? ['latest'] : [])];
  for (const name of tags) {
    await writer.write('tags', {
      repository_id: model.index + 1,
      name,
      version_id: versionId,
      first_seen_at: at,
      verified_at: new Date(now).toISOString(),
    });
  }
}

const sumSizes = (layers: readonly FleetLayer[]): number =>
  layers.reduce((sum, layer) => sum + layer.row.size_bytes, 0);
