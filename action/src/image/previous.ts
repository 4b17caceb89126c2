import {
  type Descriptor,
  type Digest,
  hasCode,
  isIndex,
  type Manifest,
  type Platform,
  platformMatches,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { ManifestReader, TagLister, Waiting } from '@modelpier/backstage-plugin-modelpier-node';

/** The version that the repository held before: none, or one that we may or may not read. */
export type Previous =
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'image'; readonly digest: Digest; readonly manifest: Manifest };

interface TagState {
  /** What each tag that will be written names now. */
  readonly heads: ReadonlyMap<string, Descriptor | undefined>;
  readonly previous: Previous;
}

interface TagQuery extends Waiting {
  readonly tags: readonly string[];
  readonly platform: Platform;
}

/** Reads what the tags name before the push; the previous version is theirs, or the newest tag's. */
export async function readTags(
  registry: ManifestReader & TagLister,
  repository: Repository,
  { tags, platform, signal }: TagQuery,
): Promise<TagState> {
  const heads = new Map<string, Descriptor | undefined>();
  try {
    for (const tag of tags) heads.set(tag, await registry.headManifest(repository, tag, { signal }));
    const moving = tags.find(tag => heads.get(tag) !== undefined);
    const named = moving ?? (await newestTag(registry.listTags(repository, { signal })));
    if (named === undefined) return { heads, previous: { kind: 'none' } };
    return { heads, previous: await readImage(registry, repository, { named, platform, signal }) };
  } catch (error) {
    // A repository that is yet to be made is forbidden in some registries and unknown in others.
    if (hasCode(error, 'not-found')) return { heads, previous: { kind: 'none' } };
    if (hasCode(error, 'unauthorized', 'forbidden')) return { heads, previous: { kind: 'unknown' } };
    throw error;
  }
}

async function readImage(
  registry: ManifestReader,
  repository: Repository,
  { named, platform, signal }: { named: string; platform: Platform } & Waiting,
): Promise<Previous> {
  const { digest, document } = await registry.getManifest(repository, named, { signal });
  if (!isIndex(document)) return { kind: 'image', digest, manifest: document };
  const child = document.manifests.find(
    entry => entry.platform !== undefined && platformMatches(entry.platform, platform),
  );
  return child === undefined
    ? { kind: 'none' }
    : readImage(registry, repository, { named: child.digest, platform, signal });
}

/** Where signatures and the like are kept for registries without referrers (distribution-spec 1.1). */
const REFERRERS_TAG = /^sha256-[0-9a-f]{64}/;
const VERSION_TAG = /^v?\d+(?:\.\d+)+/;

/** Tags have no dates, so the newest is the one with the highest version, else the last by name. */
async function newestTag(tags: AsyncIterable<string>): Promise<string | undefined> {
  let newest: string | undefined;
  for await (const tag of tags) {
    if (REFERRERS_TAG.test(tag)) continue;
    if (newest === undefined || isNewer(tag, newest)) newest = tag;
  }
  return newest;
}

function isNewer(tag: string, other: string): boolean {
  const [isVersion, isOtherVersion] = [VERSION_TAG.test(tag), VERSION_TAG.test(other)];
  if (isVersion !== isOtherVersion) return isVersion;
  return NATURAL.compare(tag.replace(/^v/, ''), other.replace(/^v/, '')) > 0;
}

/** 1.10 after 1.9, the same in every locale. */
const NATURAL = new Intl.Collator('en', { numeric: true });
