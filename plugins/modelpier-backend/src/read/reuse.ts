import {
  computeCountedReuse,
  type Digest,
  type FleetReuse,
  modelSummary,
  parseDigest,
  type ReuseAnswer,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { FleetDocumentRow, ManifestRow } from '../database/rows';
import { readDocument } from '../database/values';
import { groupBy } from '../domain/group-by';
import { readVersionImages, releaseReuse, type VersionImage } from '../store/reuse-store';
import { readReuseTotals } from '../store/totals-store';
import {
  type FoundVersion,
  NEWEST_FIRST,
  readRepositoryIds,
  repositoriesOf,
  selectVersions,
  toFound,
} from './version-rows';

export async function readModelReuse(knex: Knex, modelId: number): Promise<Omit<ReuseAnswer, 'sources'>> {
  const compared = await readNewestTwo(knex, modelId);
  const images = await readVersionImages(
    knex,
    compared.flatMap(({ newest, previous }) => [newest?.id ?? [], previous?.id ?? []].flat()),
  );
  const byVersion = groupBy(images, image => image.versionId);
  const digests = await readDigests(
    knex,
    images.map(({ manifestId }) => manifestId),
  );
  const releases = compared.flatMap(({ newest, previous }) =>
    newest === undefined ? [] : releasesOf({ newest, previous, byVersion, digests }),
  );
  return { releases, fleet: (await readKept(knex, modelId)) ?? (await measureNothing(knex, modelId)) };
}

async function readDigests(knex: Knex, manifestIds: readonly number[]): Promise<ReadonlyMap<number, Digest>> {
  const rows = await knex<ManifestRow>('manifests')
    .whereIn('id', [...manifestIds])
    .select('id', 'digest');
  return new Map(rows.map(({ id, digest }) => [id, parseDigest(digest)]));
}

/** As the collectors added it up: the model may have thousands of layers. */
async function readKept(knex: Knex, modelId: number): Promise<ReuseAnswer['fleet'] | undefined> {
  const row = await knex<FleetDocumentRow>('fleet_documents').where({ model_id: modelId }).first('document');
  return row && readDocument(modelSummary, row.document, 'summary of a model').reuse;
}

/** Where no layer was counted: nothing was read yet, or the images have none. */
async function measureNothing(knex: Knex, modelId: number): Promise<ReuseAnswer['fleet']> {
  const nothing = computeCountedReuse([], 'compressed');
  const image: object | undefined = await knex('versions')
    .join('version_images', 'version_images.version_id', 'versions.id')
    .whereIn('versions.repository_id', repositoriesOf(knex, modelId))
    .whereNot('version_images.platform', '')
    .first('version_images.version_id');
  return image === undefined ? { ...nothing, reason: 'unknown' } : nothing;
}

interface Compared {
  readonly newest: FoundVersion | undefined;
  readonly previous: FoundVersion | undefined;
}

/** Of each of the model's repositories; by the index, however many versions there are. */
async function readNewestTwo(knex: Knex, modelId: number): Promise<readonly Compared[]> {
  const compared: Compared[] = [];
  for (const id of await readRepositoryIds(knex, modelId)) {
    const rows = await selectVersions(knex)
      .where('versions.repository_id', id)
      .orderBy(NEWEST_FIRST)
      .limit(2);
    const [newest, previous] = rows.map(toFound);
    compared.push({ newest, previous });
  }
  return compared;
}

/** Charts, signatures and other artifacts have no platform. */
const isImage = ({ platform }: VersionImage): boolean => platform !== '';

function releasesOf({
  newest,
  previous,
  byVersion,
  digests,
}: {
  readonly newest: FoundVersion;
  readonly previous: FoundVersion | undefined;
  readonly byVersion: ReadonlyMap<number, readonly VersionImage[]>;
  readonly digests: ReadonlyMap<number, Digest>;
}): ReuseAnswer['releases'] {
  const before = previous === undefined ? [] : (byVersion.get(previous.id) ?? []);
  return (byVersion.get(newest.id) ?? []).filter(isImage).map(image => ({
    repository: newest.repository,
    platform: image.platform,
    digest: newest.digest,
    image: digests.get(image.manifestId) ?? newest.digest,
    version: newest.version,
    previous: previous?.digest ?? null,
    reuse: releaseReuse(image, before),
  }));
}

/** What sharing saves over all models. */
export const readFleetReuse = (knex: Knex): Promise<Omit<FleetReuse, 'sources'>> => readReuseTotals(knex);
