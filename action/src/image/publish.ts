import type { Descriptor, Repository } from '@modelpier/backstage-plugin-modelpier-common';
import type {
  BlobReader,
  BlobWriter,
  ManifestReader,
  ManifestWriter,
  Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';
import type { AssembledImage } from './assemble';
import type { BuildEvent } from './event';
import { bytesSource, pushBlob } from './push-blob';

interface PublishRequest extends Waiting {
  readonly target: Repository;
  readonly tags: readonly string[];
  /** What each tag named before. */
  readonly heads: ReadonlyMap<string, Descriptor | undefined>;
  readonly dryRun: boolean;
  readonly onEvent: (event: BuildEvent) => void;
}

/**
 * Config, manifest, tags, in this order and only when every layer is there: a run that breaks
 * leaves no tag on half an image. Answers whether anything was new to the registry.
 */
export async function publishImage(
  registry: BlobReader & BlobWriter & ManifestReader & ManifestWriter,
  image: AssembledImage,
  request: PublishRequest,
): Promise<boolean> {
  const { target, tags, heads, dryRun, onEvent, signal } = request;
  const isNamed = (tag: string): boolean => heads.get(tag)?.digest === image.digest;
  const isNew = !tags.some(isNamed) && !(await hasManifest(registry, image, request));
  if (isNew && !dryRun) await putManifest(registry, image, request);
  onEvent({ type: 'manifest', digest: image.digest, changed: isNew });
  const { mediaType } = image.manifest;
  for (const tag of tags) {
    const moves = !isNamed(tag);
    if (moves && !dryRun) {
      await registry.putManifest(target, tag, { mediaType, bytes: image.manifestBytes }, { signal });
    }
    onEvent({ type: 'tag', tag, changed: moves });
  }
  return isNew || !tags.every(isNamed);
}

async function hasManifest(
  registry: ManifestReader,
  { digest }: AssembledImage,
  { target, heads, signal }: PublishRequest,
): Promise<boolean> {
  // Where no tag was ever seen, the repository may not exist, and to ask may be forbidden.
  if (![...heads.values()].some(head => head !== undefined)) return false;
  return (await registry.headManifest(target, digest, { signal })) !== undefined;
}

async function putManifest(
  registry: BlobReader & BlobWriter & ManifestWriter,
  { manifest, manifestBytes, digest, config, configBytes }: AssembledImage,
  { target, signal = new AbortController().signal }: PublishRequest,
): Promise<void> {
  const source = bytesSource(config, configBytes);
  await pushBlob(
    registry,
    { origin: 'own', source },
    { target, dryRun: false, signal, onProgress: () => undefined },
  );
  const { mediaType } = manifest;
  await registry.putManifest(target, digest, { mediaType, bytes: manifestBytes }, { signal });
}
