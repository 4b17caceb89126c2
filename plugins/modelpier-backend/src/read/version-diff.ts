import { compareFacts, type VersionDiff } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import { readDocument } from '../database/values';
import { compareImages } from '../domain/compare-images';
import { imageFacts } from '../domain/image-facts';
import { factsOf } from '../domain/model-call';
import { readImagesOf, readLayersOf, readSayings, type VersionImage } from './version-images';
import { findVersion, type FoundVersion } from './version-rows';
import { describeVersions } from './versions';

export interface DiffQuery {
  readonly modelId: number;
  readonly before: string;
  readonly after: string;
  readonly withPlacements: boolean;
}

/** What is another from one version of a model to another, or the digest that it has no version of. */
export async function readVersionDiff(
  knex: Knex,
  { modelId, before, after, withPlacements }: DiffQuery,
): Promise<Omit<VersionDiff, 'sources'> | { readonly missing: string }> {
  const old = await findVersion(knex, modelId, before);
  const now = await findVersion(knex, modelId, after);
  if (old === undefined || now === undefined) return { missing: old === undefined ? before : after };
  const show = { withPlacements, withReferrers: true };
  const [oldVersion, newVersion] = await describeVersions(knex, [old, now], show);
  if (oldVersion === undefined || newVersion === undefined) return { missing: after };
  const { platform, images } = await pairImages(knex, old, now);
  const oldContent = await readContent(knex, old, images[0]);
  const newContent = await readContent(knex, now, images[1]);
  const { facts: oldFacts } = oldContent;
  const { facts: newFacts } = newContent;
  return {
    before: oldVersion,
    after: newVersion,
    platform,
    ...compareImages(oldContent, newContent),
    facts: oldFacts === undefined || newFacts === undefined ? null : compareFacts(oldFacts, newFacts),
  };
}

/** The images of the first platform that both have; else of each the one that pages show. */
async function pairImages(knex: Knex, old: FoundVersion, now: FoundVersion) {
  const before = await readImagesOf(knex, old.id);
  const after = await readImagesOf(knex, now.id);
  const platform = after.map(each => each.platform).find(name => before.some(each => each.platform === name));
  const of = (images: readonly VersionImage[]) =>
    images.find(each => each.platform === platform) ?? images[0];
  return { platform: platform === '' ? null : (platform ?? null), images: [of(before), of(after)] as const };
}

async function readContent(knex: Knex, version: FoundVersion, image: VersionImage | undefined) {
  const { metrics } = readDocument(imageFacts, version.facts, 'image facts');
  const manifestId = image?.manifestId ?? version.manifest_id;
  const sayings = await readSayings(knex, { topId: version.manifest_id, manifestId });
  const layers = await readLayersOf(knex, manifestId);
  return { layers, config: sayings.config, metrics, facts: factsOf(sayings) };
}
