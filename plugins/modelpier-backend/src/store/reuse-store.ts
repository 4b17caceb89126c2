import { computeReuse, type Reuse, type ReuseImage } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import { groupBy } from '../domain/group-by';
import type { VersionRow, Wide } from '../database/rows';
import { chunks, wideNumber } from '../database/values';

/** Oldest first: a version's place among its repository's, for the formula and for every page. */
export const VERSION_ORDER = ['ordered_at', 'version_key', 'id'] as const;

/** Compares every version of a repository whose predecessor changed with the one before it. */
export async function writeReuse(trx: Knex, repositoryId: number): Promise<void> {
  const versions = await trx<VersionRow>('versions')
    .where({ repository_id: repositoryId })
    .orderBy([...VERSION_ORDER])
    .select('id', 'previous_id', 'new_bytes');
  for (const [index, version] of versions.entries()) {
    const previous = versions[index - 1];
    const isMeasured = version.new_bytes !== null && version.previous_id === (previous?.id ?? null);
    if (isMeasured) continue;
    const { newBytes, ratio } = await measureRelease(trx, version.id, previous?.id);
    await trx<VersionRow>('versions')
      .where({ id: version.id })
      .update({ previous_id: previous?.id ?? null, new_bytes: newBytes, reuse_ratio: ratio });
  }
}

/** The formula for the image that pages show of a version, against the same platform before. */
async function measureRelease(
  trx: Knex,
  versionId: number,
  previousId: number | undefined,
): Promise<{ newBytes: number | null; ratio: number | null }> {
  const [image] = await readVersionImages(trx, [versionId]);
  if (image === undefined || image.platform === '') return { newBytes: null, ratio: null };
  const before = previousId === undefined ? [] : await readVersionImages(trx, [previousId]);
  const { newBytes, ratio } = releaseReuse(image, before);
  return { newBytes, ratio };
}

/** An image of a version with its layers, as the formula takes it. */
export interface VersionImage {
  readonly versionId: number;
  readonly manifestId: number;
  readonly platform: string;
  readonly image: ReuseImage;
}

/** The images of versions; of each version the one that pages show comes first. */
export async function readVersionImages(
  knex: Knex,
  versionIds: readonly number[],
): Promise<readonly VersionImage[]> {
  const rows: LayerOccurrence[] = [];
  for (const part of chunks(versionIds)) rows.push(...(await readOccurrences(knex, part)));
  const groups = groupBy(rows, row => `${row.version_id}/${row.image_id}`);
  return [...groups.values()].flatMap(toVersionImage);
}

interface LayerOccurrence {
  version_id: number;
  image_id: number;
  platform: string;
  digest: string | null;
  size_bytes: Wide | null;
  kind: string | null;
}

const readOccurrences = (knex: Knex, versionIds: readonly number[]): Promise<LayerOccurrence[]> =>
  knex('version_images')
    .leftJoin('manifest_layers', 'manifest_layers.manifest_id', 'version_images.manifest_id')
    .leftJoin('layers', 'layers.id', 'manifest_layers.layer_id')
    .whereIn('version_images.version_id', [...versionIds])
    .orderBy(['version_images.version_id', 'version_images.position', 'manifest_layers.position'])
    .select<LayerOccurrence[]>(
      'version_images.version_id',
      'version_images.manifest_id as image_id',
      'version_images.platform',
      'layers.digest',
      'layers.size_bytes',
      'manifest_layers.kind',
    );

function toVersionImage(rows: readonly LayerOccurrence[]): VersionImage[] {
  const [first] = rows;
  if (first === undefined) return [];
  const layers = rows.flatMap(({ digest, size_bytes: size }) =>
    digest === null || size === null ? [] : [{ key: digest, sizeBytes: wideNumber(size) }],
  );
  const base = rows.filter(row => row.kind === 'base').flatMap(row => row.digest ?? []);
  const image = { basis: 'compressed', layers, baseKeys: new Set(base) } as const;
  return [{ versionId: first.version_id, manifestId: first.image_id, platform: first.platform, image }];
}

/** R of one image against the images of the version before on its platform. */
export function releaseReuse(image: VersionImage, before: readonly VersionImage[]): Reuse {
  const baseline = before.filter(({ platform }) => platform === image.platform);
  return computeReuse([image.image], baseline.length === 0 ? null : baseline.map(each => each.image), {
    mode: 'release',
    basis: 'compressed',
  });
}
