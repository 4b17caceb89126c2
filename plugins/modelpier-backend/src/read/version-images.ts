import {
  type Digest,
  LAYER_KINDS,
  type LayerKind,
  list,
  parseDigest,
  record,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { Wide } from '../database/rows';
import { readDocument, wideNumber } from '../database/values';
import { keptConfig } from '../domain/fetched-manifest';
import type { ImageSayings } from '../domain/model-call';

/** One image of a version; that which pages show comes first. */
export interface VersionImage {
  readonly manifestId: number;
  readonly digest: string;
  readonly platform: string;
}

export async function readImagesOf(knex: Knex, versionId: number): Promise<readonly VersionImage[]> {
  const rows = await knex('version_images')
    .join('manifests', 'manifests.id', 'version_images.manifest_id')
    .where({ version_id: versionId })
    .orderBy('position')
    .select<{ manifest_id: number; digest: string; platform: string }[]>(
      'version_images.manifest_id',
      'manifests.digest',
      'version_images.platform',
    );
  return rows.map(({ manifest_id: manifestId, digest, platform }) => ({ manifestId, digest, platform }));
}

export interface ImageLayer {
  readonly layerId: number;
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly mediaType: string;
  readonly kind: LayerKind | 'unknown';
  /** `null` where the layer does not say. */
  readonly files: readonly string[] | null;
}

interface LayerRow {
  layer_id: number;
  digest: string;
  size_bytes: Wide;
  media_type: string;
  kind: string | null;
  files: string | null;
}

/** The layers of an image from the bottom up. */
export async function readLayersOf(knex: Knex, manifestId: number): Promise<readonly ImageLayer[]> {
  const rows = await knex('manifest_layers')
    .join('layers', 'layers.id', 'manifest_layers.layer_id')
    .where('manifest_layers.manifest_id', manifestId)
    .orderBy('manifest_layers.position')
    .select<LayerRow[]>(
      'manifest_layers.layer_id',
      'layers.digest',
      'layers.size_bytes',
      'manifest_layers.media_type',
      'manifest_layers.kind',
      'manifest_layers.files',
    );
  return rows.map(row => ({
    layerId: row.layer_id,
    digest: parseDigest(row.digest),
    sizeBytes: wideNumber(row.size_bytes),
    mediaType: row.media_type,
    kind: LAYER_KINDS.find(kind => kind === row.kind) ?? 'unknown',
    files: row.files === null ? null : readDocument(list(text), row.files, 'list of files'),
  }));
}

/** What a version and one of its images say of themselves. */
export async function readSayings(
  knex: Knex,
  { topId, manifestId }: { readonly topId: number; readonly manifestId: number },
): Promise<ImageSayings> {
  const rows = await knex('manifests')
    .leftJoin('configs', 'configs.id', 'manifests.config_id')
    .whereIn('manifests.id', [topId, manifestId])
    .select<{ id: number; annotations: string; document: string | null }[]>(
      'manifests.id',
      'manifests.annotations',
      'configs.document',
    );
  // The index before its image.
  const ordered = rows.toSorted((a, b) => Number(b.id === topId) - Number(a.id === topId));
  const document = rows.find(({ id }) => id === manifestId)?.document ?? null;
  return {
    annotations: ordered.map(row => readDocument(record(text), row.annotations, 'annotations')),
    config: document === null ? undefined : readDocument(keptConfig, document, 'image config'),
  };
}
