import {
  type Descriptor,
  type Digest,
  LAYER_FILES,
  LAYER_KIND,
  type LayerKind,
  LAYER_KINDS,
  list,
  parseWith,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { FetchedManifest } from '../domain/fetched-manifest';
import type { ConfigRow, LayerRow, ManifestLayerRow, ManifestRow } from '../database/rows';
import { chunks, insertAll, insertMissing } from '../database/values';

/** Which of the digests the database holds already: those are never fetched again. */
export async function readKnownManifests(
  knex: Knex,
  digests: readonly Digest[],
): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  for (const part of chunks(digests)) {
    const rows = await knex<ManifestRow>('manifests').whereIn('digest', part).select('digest');
    for (const row of rows) known.add(row.digest);
  }
  return known;
}

/** Keeps manifests with their configs and layers; those that another collection kept meanwhile stay. */
export async function insertManifests(knex: Knex, fetched: readonly FetchedManifest[]): Promise<void> {
  await knex.transaction(async trx => {
    for (const manifest of fetched) await insertManifest(trx, manifest);
  });
}

async function insertManifest(trx: Knex, manifest: FetchedManifest): Promise<void> {
  const configId = manifest.config === null ? null : await insertConfig(trx, manifest.config);
  const row: Omit<ManifestRow, 'id'> = {
    digest: manifest.digest,
    media_type: manifest.mediaType.slice(0, 255),
    platform: manifest.platform?.slice(0, 64) ?? null,
    config_id: configId,
    size_bytes: manifest.layers.reduce((sum, layer) => sum + layer.size, 0),
    annotations: JSON.stringify(manifest.annotations),
    children: JSON.stringify(manifest.children),
    unused_since: null,
  };
  const inserted = await trx<ManifestRow>('manifests')
    .insert(row)
    .onConflict('digest')
    .ignore()
    .returning('id');
  const [own] = inserted;
  if (own === undefined) return;
  await insertLayers(trx, own.id, manifest.layers);
}

async function insertConfig(trx: Knex, config: NonNullable<FetchedManifest['config']>): Promise<number> {
  const row = { digest: config.digest, document: JSON.stringify(config.document) };
  await trx<ConfigRow>('configs').insert(row).onConflict('digest').ignore();
  const found = await trx<ConfigRow>('configs').where({ digest: config.digest }).first('id');
  if (found === undefined) throw new Error(`config ${config.digest} was not kept`);
  return found.id;
}

async function insertLayers(trx: Knex, manifestId: number, layers: readonly Descriptor[]): Promise<void> {
  const bySize = new Map(layers.map(layer => [layer.digest, layer.size]));
  // In one order everywhere, so that two collections never wait for each other's rows.
  const rows = [...bySize].map(([digest, size]) => ({ digest, size_bytes: size }));
  rows.sort((a, b) => (a.digest < b.digest ? -1 : 1));
  await insertMissing(trx, 'layers', rows, ['digest']);
  const ids = new Map<string, number>();
  for (const part of chunks([...bySize.keys()])) {
    const found = await trx<LayerRow>('layers').whereIn('digest', part).select('id', 'digest');
    for (const row of found) ids.set(row.digest, row.id);
  }
  const isMarked = layers.some(layer => kindOf(layer) !== undefined);
  await insertAll(
    trx,
    'manifest_layers',
    layers.map((layer, position) => layerRow(manifestId, { layer, position, ids, isMarked })),
  );
}

const kindOf = ({ annotations }: Descriptor): LayerKind | undefined =>
  LAYER_KINDS.find(kind => kind === annotations?.[LAYER_KIND]);

interface PlacedLayer {
  readonly layer: Descriptor;
  readonly position: number;
  readonly ids: ReadonlyMap<string, number>;
  /** Whether the image has layers that say what they hold: then those that do not are its base. */
  readonly isMarked: boolean;
}

const layerRow = (manifestId: number, { layer, position, ids, isMarked }: PlacedLayer): ManifestLayerRow => ({
  manifest_id: manifestId,
  position,
  layer_id: ids.get(layer.digest) ?? -1,
  media_type: layer.mediaType.slice(0, 255),
  kind: kindOf(layer) ?? (isMarked ? 'base' : null),
  files: readFiles(layer.annotations?.[LAYER_FILES]),
});

/** The list as it was written, or nothing where the annotation is not a list of paths. */
function readFiles(written: string | undefined): string | null {
  if (written === undefined) return null;
  try {
    return JSON.stringify(parseWith(list(text), JSON.parse(written), LAYER_FILES));
  } catch {
    return null;
  }
}
