import {
  type Descriptor,
  type Digest,
  hasCode,
  type ImageConfig,
  isIndex,
  type Manifest,
  type Platform,
  platformMatches,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import {
  type BlobReader,
  type ManifestReader,
  type TagLister,
  type Waiting,
  readImageConfig,
} from '@modelpier/backstage-plugin-modelpier-node';

/** The version that the repository held before: none, or one that we may or may not read. */
export type Previous =
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'image'; readonly digest: Digest; readonly manifest: Manifest };

/** What each tag that will be written names before the push. */
export type Heads = ReadonlyMap<string, Descriptor | undefined>;

interface TagState {
  readonly heads: Heads;
  /** The previous version for each platform that was asked for. */
  readonly previous: readonly Previous[];
}

interface TagQuery extends Waiting {
  readonly tags: readonly string[];
  /** None where only the tags are of interest. */
  readonly platforms: readonly Platform[];
}

type TagReader = ManifestReader & BlobReader & TagLister;

/** Reads what the tags name before the push; the previous version is theirs, or the newest tag's. */
export async function readTags(
  registry: TagReader,
  repository: Repository,
  { tags, platforms, signal }: TagQuery,
): Promise<TagState> {
  const heads = new Map<string, Descriptor | undefined>();
  const all = (previous: Previous): readonly Previous[] => platforms.map(() => previous);
  try {
    for (const tag of tags) heads.set(tag, await registry.headManifest(repository, tag, { signal }));
    if (platforms.length === 0) return { heads, previous: [] };
    const moving = tags.find(tag => heads.get(tag) !== undefined);
    const named = moving ?? (await newestTag(registry.listTags(repository, { signal })));
    if (named === undefined) return { heads, previous: all({ kind: 'none' }) };
    return { heads, previous: await readImages(registry, repository, { named, platforms, signal }) };
  } catch (error) {
    // A repository that is yet to be made is forbidden in some registries and unknown in others.
    if (hasCode(error, 'not-found')) return { heads, previous: all({ kind: 'none' }) };
    if (hasCode(error, 'unauthorized', 'forbidden')) return { heads, previous: all({ kind: 'unknown' }) };
    throw error;
  }
}

/** Layers that the repository has by what its version before says; nothing where that may not be read. */
export const layersOf = (previous: readonly Previous[]): readonly Descriptor[] | undefined =>
  previous.some(({ kind }) => kind === 'unknown')
    ? undefined
    : previous.flatMap(image => (image.kind === 'image' ? image.manifest.layers : []));

async function readImages(
  registry: TagReader,
  repository: Repository,
  { named, platforms, signal }: { named: string; platforms: readonly Platform[] } & Waiting,
): Promise<readonly Previous[]> {
  const { digest, document } = await registry.getManifest(repository, named, { signal });
  if (!isIndex(document)) {
    const image = { kind: 'image', digest, manifest: document } as const;
    // A lone image says in its config what it runs on; one platform after the other is taken for the same.
    const built =
      platforms.length === 1 ? platforms[0] : await readConfig(registry, repository, image, signal);
    return platforms.map(platform =>
      built !== undefined && platformMatches(built, platform) ? image : { kind: 'none' },
    );
  }
  const previous: Previous[] = [];
  for (const platform of platforms) {
    const child = document.manifests.find(
      entry => entry.platform !== undefined && platformMatches(entry.platform, platform),
    );
    const image = child && (await registry.getManifest(repository, child.digest, { signal }));
    previous.push(
      image === undefined || isIndex(image.document)
        ? { kind: 'none' }
        : { kind: 'image', digest: image.digest, manifest: image.document },
    );
  }
  return previous;
}

/** The config of a version before; nothing where it cannot be read, for no release fails over what was. */
export async function readConfig(
  registry: BlobReader,
  repository: Repository,
  { manifest }: Extract<Previous, { kind: 'image' }>,
  signal: AbortSignal | undefined,
): Promise<ImageConfig | undefined> {
  try {
    const name = 'the version before';
    return (await readImageConfig(registry, repository, { descriptor: manifest.config, name, signal }))
      .config;
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
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
