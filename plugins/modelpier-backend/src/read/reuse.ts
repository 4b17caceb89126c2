import {
  computeCountedReuse,
  type CountedLayer,
  type FleetReuse,
  type Reuse,
  type ReuseAnswer,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { Wide } from '../database/rows';
import { wideNumber } from '../database/values';
import { groupBy } from '../domain/group-by';
import { readVersionImages, releaseReuse, type VersionImage } from '../store/reuse-store';
import { type FoundVersion, NEWEST_FIRST, repositoriesOf, selectVersions, toFound } from './version-rows';

export async function readModelReuse(knex: Knex, modelId: number): Promise<Omit<ReuseAnswer, 'sources'>> {
  const rows = await selectVersions(knex)
    .whereIn('versions.repository_id', repositoriesOf(knex, modelId))
    .orderBy(NEWEST_FIRST);
  const versions = rows.map(toFound);
  const compared = [...groupBy(versions, ({ repository }) => repository).values()].map(
    ([newest, previous]) => ({ newest, previous }),
  );
  const images = await readVersionImages(
    knex,
    compared.flatMap(({ newest, previous }) => [newest?.id ?? [], previous?.id ?? []].flat()),
  );
  const byVersion = groupBy(images, image => image.versionId);
  const releases = compared.flatMap(({ newest, previous }) =>
    newest === undefined ? [] : releasesOf({ newest, previous, byVersion }),
  );
  return { releases, fleet: await measureFleet(knex, () => repositoriesOf(knex, modelId)) };
}

/** Charts, signatures and other artifacts have no platform. */
const isImage = ({ platform }: VersionImage): boolean => platform !== '';

function releasesOf({
  newest,
  previous,
  byVersion,
}: {
  readonly newest: FoundVersion;
  readonly previous: FoundVersion | undefined;
  readonly byVersion: ReadonlyMap<number, readonly VersionImage[]>;
}): ReuseAnswer['releases'] {
  const before = previous === undefined ? [] : (byVersion.get(previous.id) ?? []);
  return (byVersion.get(newest.id) ?? []).filter(isImage).map(image => ({
    repository: newest.repository,
    platform: image.platform,
    digest: newest.digest,
    version: newest.version,
    previous: previous?.digest ?? null,
    reuse: releaseReuse(image, before),
  }));
}

interface LayerSum {
  size_bytes: Wide;
  occurrences: Wide;
  base_occurrences: Wide;
}

/** What sharing saves over all models. */
export async function readFleetReuse(knex: Knex): Promise<Omit<FleetReuse, 'sources'>> {
  const named = () => knex('model_repositories').select('repository_id');
  const versions = await knex('versions').whereIn('repository_id', named()).count({ count: '*' }).first();
  const models = await knex('model_repositories')
    .join('versions', 'versions.repository_id', 'model_repositories.repository_id')
    .countDistinct({ count: 'model_repositories.model_id' })
    .first();
  return {
    models: wideNumber(models?.count ?? 0),
    versions: wideNumber(versions?.count ?? 0),
    reuse: await measureFleet(knex, named),
  };
}

/** The formula over all images of these repositories: the database counts, so that only sums leave it. */
async function measureFleet(knex: Knex, repositories: () => Knex.QueryBuilder): Promise<Reuse> {
  const images = knex('versions')
    .join('version_images', 'version_images.version_id', 'versions.id')
    .whereIn('versions.repository_id', repositories())
    .whereNot('version_images.platform', '');
  const sums = await images
    .clone()
    .join('manifest_layers', 'manifest_layers.manifest_id', 'version_images.manifest_id')
    .join('layers', 'layers.id', 'manifest_layers.layer_id')
    .groupBy('layers.id', 'layers.size_bytes')
    .select<LayerSum[]>('layers.size_bytes')
    .select(
      knex.raw('count(*) as occurrences'),
      knex.raw("sum(case when manifest_layers.kind = 'base' then 1 else 0 end) as base_occurrences"),
    );
  const reuse = computeCountedReuse((sums as LayerSum[]).map(toCounted), 'compressed');
  if (reuse.reason !== 'empty-image') return reuse;
  // Where nothing was read yet, nobody knows what the images hold.
  const isRead = (await images.clone().first('version_images.version_id')) !== undefined;
  return isRead ? reuse : { ...reuse, reason: 'unknown' };
}

const toCounted = (sum: LayerSum): CountedLayer => ({
  sizeBytes: wideNumber(sum.size_bytes),
  occurrences: wideNumber(sum.occurrences),
  baseOccurrences: wideNumber(sum.base_occurrences),
});
