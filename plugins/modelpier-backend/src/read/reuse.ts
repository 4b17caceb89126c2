import {
  computeReuse,
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
  const images = await readVersionImages(
    knex,
    versions.map(({ id }) => id),
  );
  const byVersion = groupBy(images, image => image.versionId);
  const releases = [...groupBy(versions, ({ repository }) => repository).values()].flatMap(
    ([newest, previous]) => (newest === undefined ? [] : releasesOf({ newest, previous, byVersion })),
  );
  const fleet = computeReuse(
    images.filter(isImage).map(({ image }) => image),
    null,
    { mode: 'fleet', basis: 'compressed' },
  );
  return { releases, fleet };
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

/** What sharing saves over all models: the database adds up, layer by layer. */
export async function readFleetReuse(knex: Knex): Promise<Omit<FleetReuse, 'sources'>> {
  const named = knex('model_repositories').select('repository_id');
  const sums = await knex('versions')
    .join('version_images', 'version_images.version_id', 'versions.id')
    .join('manifest_layers', 'manifest_layers.manifest_id', 'version_images.manifest_id')
    .join('layers', 'layers.id', 'manifest_layers.layer_id')
    .whereIn('versions.repository_id', named)
    .whereNot('version_images.platform', '')
    .groupBy('layers.id', 'layers.size_bytes')
    .select<LayerSum[]>('layers.size_bytes')
    .select(
      knex.raw('count(*) as occurrences'),
      knex.raw("sum(case when manifest_layers.kind = 'base' then 1 else 0 end) as base_occurrences"),
    );
  const versions = await knex('versions').whereIn('repository_id', named).count({ count: '*' }).first();
  const models = await knex('model_repositories')
    .join('versions', 'versions.repository_id', 'model_repositories.repository_id')
    .countDistinct({ count: 'model_repositories.model_id' })
    .first();
  return {
    models: wideNumber(models?.count ?? 0),
    versions: wideNumber(versions?.count ?? 0),
    reuse: sumFleet(sums as LayerSum[]),
  };
}

/** `computeReuse` in fleet mode over counted layers: two million occurrences never leave the database. */
function sumFleet(layers: readonly LayerSum[]): Reuse {
  let totalBytes = 0;
  let newBytes = 0;
  let reusedBaseBytes = 0;
  for (const layer of layers) {
    const size = wideNumber(layer.size_bytes);
    const occurrences = wideNumber(layer.occurrences);
    totalBytes += size * occurrences;
    newBytes += size;
    reusedBaseBytes += size * Math.min(wideNumber(layer.base_occurrences), occurrences - 1);
  }
  return {
    mode: 'fleet',
    basis: 'compressed',
    totalBytes,
    newBytes,
    newLayers: layers.length,
    ratio: totalBytes === 0 ? null : (totalBytes - newBytes) / totalBytes,
    ...(totalBytes === 0 && { reason: 'empty-image' as const }),
    reusedBaseBytes,
    reusedOwnBytes: totalBytes - newBytes - reusedBaseBytes,
  };
}
