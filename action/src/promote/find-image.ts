import {
  type Digest,
  formatPlatform,
  formatRepository,
  type ImageConfig,
  IMAGE_MODEL,
  IMAGE_REVISION,
  isIndex,
  type Manifest,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import {
  type BlobReader,
  type ManifestReader,
  type StoredManifest,
  type Waiting,
  readImageConfig,
} from '@modelpier/backstage-plugin-modelpier-node';

type Reader = ManifestReader & BlobReader;

/** One image of what a tag names. */
export interface FoundPlatform {
  readonly platform: string;
  readonly digest: Digest;
  readonly manifest: Manifest;
  readonly config: ImageConfig;
}

/** What was built for a commit: an image, or an index over several. */
export interface FoundImage {
  readonly tag: string;
  readonly root: StoredManifest;
  /** At least one; what is no image, such as an attestation, is not among them. */
  readonly platforms: readonly [FoundPlatform, ...FoundPlatform[]];
}

export interface Wanted extends Waiting {
  /** Tags that an image of the commit may have, the likeliest first. */
  readonly tags: readonly string[];
  readonly model: string;
  readonly commit: string;
}

export type Search = { readonly found: FoundImage } | { readonly misses: readonly string[] };

/** The first of the tags that names an image of this model and commit, or why each does not. */
export async function findImage(registry: Reader, repository: Repository, wanted: Wanted): Promise<Search> {
  const { signal } = wanted;
  const misses: string[] = [];
  for (const tag of wanted.tags) {
    if ((await registry.headManifest(repository, tag, { signal })) === undefined) {
      misses.push(`${tag} is not there`);
      continue;
    }
    const root = await registry.getManifest(repository, tag, { signal });
    const [first, ...others] = await readPlatforms(registry, repository, { root, signal });
    const fault = first === undefined ? 'names no image' : faultOf(first, wanted);
    if (first !== undefined && fault === undefined) {
      return { found: { tag, root, platforms: [first, ...others] } };
    }
    misses.push(`${tag} ${fault ?? ''}`);
  }
  return { misses };
}

/** An image need not say whose it is; where it does, that has to be so. */
function faultOf({ config }: FoundPlatform, { model, commit }: Wanted): string | undefined {
  const labels = config.config?.Labels ?? {};
  const { [IMAGE_MODEL]: itsModel = model, [IMAGE_REVISION]: itsCommit = commit } = labels;
  if (itsModel !== model) return `is of the model ${itsModel}`;
  return itsCommit === commit ? undefined : `is of the commit ${itsCommit}`;
}

async function readPlatforms(
  registry: Reader,
  repository: Repository,
  { root, signal }: Waiting & { readonly root: StoredManifest },
): Promise<readonly FoundPlatform[]> {
  const { document } = root;
  const { digest: lone } = root;
  if (!isIndex(document))
    return [await readPlatform(registry, repository, { digest: lone, manifest: document, signal })];
  const platforms: FoundPlatform[] = [];
  for (const { digest, platform } of document.manifests) {
    if (platform === undefined || platform.os === 'unknown') continue;
    const image = await registry.getManifest(repository, digest, { signal });
    if (isIndex(image.document)) continue;
    platforms.push(await readPlatform(registry, repository, { digest, manifest: image.document, signal }));
  }
  return platforms;
}

async function readPlatform(
  registry: Reader,
  repository: Repository,
  { digest, manifest, signal }: Waiting & Pick<FoundPlatform, 'digest' | 'manifest'>,
): Promise<FoundPlatform> {
  const { config } = await readImageConfig(registry, repository, {
    descriptor: manifest.config,
    name: `${formatRepository(repository)}@${digest}`,
    signal,
  });
  return { platform: formatPlatform(config), digest, manifest, config };
}
