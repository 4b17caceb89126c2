import {
  type Digest,
  explainNewLayers,
  type Fate,
  hasCode,
  type LintedLayer,
  type NewLayerReason,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { BlobReader, BlobWriter, Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import type { BaseImage, ResolvedBase } from '../image/base-image';
import type { Fates } from '../image/pack-and-push';
import { type Previous, readConfig } from '../image/previous';
import type { WhyNew } from '../image/why-new';
import type { PushedImage } from './read-pushed';

interface PrepareOptions extends Waiting {
  readonly previous: readonly Previous[];
  readonly base: ResolvedBase | undefined;
}

/**
 * Tells which layers the repository has before the push, and mounts those of a base that lies in the same registry:
 * not every builder does, and what is there, each leaves out.
 */
export async function prepareLayers(
  registry: BlobReader & BlobWriter,
  target: Repository,
  { previous, base, signal }: PrepareOptions,
): Promise<Fates> {
  const fates = new Map<Digest, Fate>();
  for (const version of previous) {
    if (version.kind === 'image')
      for (const { digest } of version.manifest.layers) fates.set(digest, 'present');
  }
  for (const digest of digestsOf(base)) {
    if (fates.has(digest)) continue;
    if (await isPresent(registry, target, { digest, signal })) fates.set(digest, 'present');
    else if (base?.reference.registry === target.registry) {
      const isMounted = await registry.mountBlob(target, digest, base.reference, { signal });
      if (isMounted) fates.set(digest, 'mounted');
    }
  }
  return fates;
}

/** Some registries refuse to look into a repository that is yet to be made: then nothing is there. */
async function isPresent(
  registry: BlobReader,
  target: Repository,
  { digest, signal }: { digest: Digest } & Waiting,
): Promise<boolean> {
  try {
    return await registry.hasBlob(target, digest, { signal });
  } catch (error) {
    if (hasCode(error, 'unauthorized', 'forbidden', 'not-found')) return false;
    throw error;
  }
}

/**
 * How each layer came into the repository. Builders do not tell what they leave out, so that a layer which
 * only an older version had counts as sent.
 */
export function fatesOf(
  images: readonly PushedImage[],
  { prepared, base }: { readonly prepared: Fates; readonly base: ResolvedBase | undefined },
): Fates {
  const ofBase = digestsOf(base);
  const digests = images.flatMap(({ manifest }) => manifest.layers.map(({ digest }) => digest));
  return new Map(
    digests.map(digest => [digest, prepared.get(digest) ?? (ofBase.has(digest) ? 'copied' : 'uploaded')]),
  );
}

const digestsOf = (base: ResolvedBase | undefined): ReadonlySet<Digest> =>
  new Set(base?.images.flatMap(({ manifest }) => manifest.layers.map(({ digest }) => digest)));

/**
 * How many layers of the image come from the base. Compared unpacked: a builder may pack a base's layers
 * anew, which gives them other digests.
 */
export function countBaseLayers({ content }: PushedImage, base: BaseImage | undefined): number {
  const below = base?.config.rootfs.diff_ids ?? [];
  const own = content.rootfs.diff_ids;
  return below.length <= own.length && below.every((diffId, position) => diffId === own[position])
    ? below.length
    : 0;
}

/** Reasons that show without knowing which files a layer holds, which a Dockerfile does not tell. */
const SHOWN_REASONS: readonly NewLayerReason[] = ['recompressed', 'squashed', 'base-changed'];

/** Why layers could not be shared with the version before, as far as that is to be seen. */
export async function explainImage(
  registry: BlobReader,
  image: PushedImage,
  {
    previous,
    baseLayers,
    repository,
    signal,
  }: { previous: Previous; baseLayers: number; repository: Repository } & Waiting,
): Promise<WhyNew> {
  if (previous.kind !== 'image') return new Map();
  const before = await readConfig(registry, repository, previous, signal);
  const linted = image.manifest.layers.map(({ digest }, position): LintedLayer => ({
    digest,
    diffId: image.content.rootfs.diff_ids[position],
    isBase: position < baseLayers,
    files: [],
  }));
  const earlier = previous.manifest.layers.map(({ digest }, position): LintedLayer => ({
    digest,
    diffId: before?.rootfs.diff_ids[position],
    isBase: false,
    files: [],
  }));
  const reasons = [...explainNewLayers(linted, earlier)];
  return new Map(reasons.filter(([, reason]) => SHOWN_REASONS.includes(reason)));
}
