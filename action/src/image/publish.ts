import { formatRepository, type Repository } from '@modelpier/backstage-plugin-modelpier-common';
import type {
  BlobReader,
  BlobWriter,
  ManifestReader,
  ManifestWriter,
  Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';
import type { AssembledImage } from './assemble';
import type { Publication } from './assemble-index';
import type { BuildEvent } from './event';
import type { Heads } from './previous';
import { bytesSource, pushBlob } from './push-blob';

/** A repository that has every layer by now. */
interface Target {
  readonly repository: Repository;
  /** What each tag named before. */
  readonly heads: Heads;
}

interface PublishOptions extends Waiting {
  readonly tags: readonly string[];
  readonly dryRun: boolean;
  readonly onEvent: (event: BuildEvent) => void;
  /** What has to be done before any tag names the image. */
  readonly beforeTags: () => Promise<void>;
}

type PublishRequest = Target & PublishOptions;
type Publisher = BlobReader & BlobWriter & ManifestReader & ManifestWriter;

/**
 * Configs and manifests everywhere, then tags everywhere: a run that breaks leaves no tag on half an
 * image, in no repository. Answers for each target whether anything was new to it.
 */
export async function publish(
  registry: Publisher,
  publication: Publication,
  { targets, ...options }: PublishOptions & { readonly targets: readonly Target[] },
): Promise<readonly boolean[]> {
  const changed: boolean[] = [];
  for (const target of targets)
    changed.push(await putManifests(registry, publication, { ...target, ...options }));
  await options.beforeTags();
  for (const [position, target] of targets.entries())
    changed[position] =
      (await moveTags(registry, publication, { ...target, ...options })) || changed[position] === true;
  return changed;
}

/** By digest: images first, then the index over them. Answers whether the repository lacked it. */
async function putManifests(
  registry: Publisher,
  publication: Publication,
  request: PublishRequest,
): Promise<boolean> {
  const { repository, tags, dryRun, onEvent, signal } = request;
  const { root, images } = publication;
  const isNew = !tags.some(isNamed(publication, request)) && !(await hasRoot(registry, publication, request));
  if (isNew && !dryRun) {
    for (const image of images) await putImage(registry, image, request);
    if (images.length > 1) await registry.putManifest(repository, root.digest, root, { signal });
  }
  onEvent({ type: 'manifest', target: formatRepository(repository), digest: root.digest, changed: isNew });
  return isNew;
}

/** Answers whether any tag moved. */
async function moveTags(
  registry: ManifestWriter,
  publication: Publication,
  request: PublishRequest,
): Promise<boolean> {
  const { repository, tags, dryRun, onEvent, signal } = request;
  const moving = tags.filter(tag => !isNamed(publication, request)(tag));
  for (const tag of tags) {
    const changed = moving.includes(tag);
    if (changed && !dryRun) await registry.putManifest(repository, tag, publication.root, { signal });
    onEvent({ type: 'tag', target: formatRepository(repository), tag, changed });
  }
  return moving.length > 0;
}

const isNamed =
  ({ root }: Publication, { heads }: PublishRequest) =>
  (tag: string): boolean =>
    heads.get(tag)?.digest === root.digest;

async function hasRoot(
  registry: ManifestReader,
  { root }: Publication,
  { repository, heads, signal }: PublishRequest,
): Promise<boolean> {
  // Where no tag was ever seen, the repository may not exist, and to ask may be forbidden.
  if (![...heads.values()].some(head => head !== undefined)) return false;
  return (await registry.headManifest(repository, root.digest, { signal })) !== undefined;
}

async function putImage(
  registry: BlobReader & BlobWriter & ManifestWriter,
  { manifest, manifestBytes, digest, config, configBytes }: AssembledImage,
  { repository, signal = new AbortController().signal }: PublishRequest,
): Promise<void> {
  const source = bytesSource(config, configBytes);
  await pushBlob(
    registry,
    { origin: 'own', source },
    { target: repository, dryRun: false, signal, onProgress: () => undefined },
  );
  const { mediaType } = manifest;
  await registry.putManifest(repository, digest, { mediaType, bytes: manifestBytes }, { signal });
}
