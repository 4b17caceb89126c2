import { type VersionDetail, type VersionLayer } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import { callOf, factsOf, type ImageSayings } from '../domain/model-call';
import { whyNew } from '../domain/why-new';
import { readSharing, readSharingVersions, type SharingQuery } from './layer-sharing';
import {
  type ImageLayer,
  readImagesOf,
  readLayersOf,
  readSayings,
  type VersionImage,
} from './version-images';
import { readNewestGolden } from './releases';
import { findVersion, type FoundVersion, selectVersions, toFound } from './version-rows';
import { describeVersions } from './versions';

export interface VersionQuery extends SharingQuery {
  readonly digest: string;
  readonly withPlacements: boolean;
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
  const previous = await findPrevious(knex, row);
  const images = await readImagesOf(knex, row.id);
  const image = images.find(each => each.digest === digest) ?? images[0];
  const manifestId = image?.manifestId ?? row.manifest_id;
  const layers = image === undefined ? [] : await readLayersOf(knex, manifestId);
  const sayings = await readSayings(knex, { topId: row.manifest_id, manifestId });
  const golden = withPlacements
    ? await readNewestGolden(knex, { modelId, digest: version.digest })
    : undefined;
  return {
    version,
    layers: await readLayers(knex, layers, {
      modelId,
      version: row,
      before: await readImageBefore(knex, previous, image),
      config: sayings.config,
      mayName,
    }),
    previous: previous?.digest ?? null,
    ...saidOf(sayings),
    ...(golden !== undefined && { golden }),
  };
}

/** What the image says of its model. */
function saidOf(sayings: ImageSayings): Pick<VersionDetail, 'facts' | 'call'> {
  const facts = factsOf(sayings);
  const call = callOf(sayings);
  return { ...(facts !== undefined && { facts }), ...(call !== undefined && { call }) };
}

async function findPrevious(
  knex: Knex,
  { previous_id: id }: FoundVersion,
): Promise<FoundVersion | undefined> {
  const row = id === null ? undefined : await selectVersions(knex).where('versions.id', id).first();
  return row && toFound(row);
}

interface ImageBefore {
  readonly layers: readonly ImageLayer[];
  readonly config: ImageSayings['config'];
}

/** The image of the version before for the same platform: releases are measured platform by platform. */
async function readImageBefore(
  knex: Knex,
  previous: FoundVersion | undefined,
  image: VersionImage | undefined,
): Promise<ImageBefore | undefined> {
  if (previous === undefined) return undefined;
  const images = await readImagesOf(knex, previous.id);
  const before = images.find(({ platform }) => platform === image?.platform);
  if (before === undefined) return undefined;
  const { manifestId } = before;
  const { config } = await readSayings(knex, { topId: previous.manifest_id, manifestId });
  return { layers: await readLayersOf(knex, manifestId), config };
}

interface LayerQuery extends SharingQuery {
  readonly version: FoundVersion;
  readonly before: ImageBefore | undefined;
  readonly config: ImageSayings['config'];
}

/** The layers of an image, each against the version before and against all others. */
async function readLayers(
  knex: Knex,
  own: readonly ImageLayer[],
  query: LayerQuery,
): Promise<readonly VersionLayer[]> {
  const ids = [...new Set(own.map(({ layerId }) => layerId))];
  const { version, before, config } = query;
  const had = new Set(before?.layers.map(({ layerId }) => layerId));
  const why = before === undefined ? undefined : whyNew({ layers: own, config }, before);
  const sharing = await readSharing(knex, ids, query);
  const names = await readSharingVersions(knex, ids, version);
  return own.map(({ layerId, files, ...layer }, position) => {
    const reason = why?.get(layer.digest);
    return {
      position,
      ...layer,
      files: files ?? [],
      inPrevious: had.has(layerId),
      ...(reason !== undefined && { whyNew: reason }),
      sharedWithVersions: sharing.versions.get(layerId) ?? 0,
      sharedVersions: names.get(layerId) ?? [],
      sharedWithModels: sharing.models.get(layerId) ?? [],
    };
  });
}
