import {
  type Digest,
  type Format,
  formatPlatform,
  formatReference,
  type Model,
  type ModelFacts,
  ModelpierError,
  type Platform,
  type Reference,
  type ReportedImage,
  type Repository,
  type Verdict,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { RegistryPorts } from '@modelpier/backstage-plugin-modelpier-node';
import type { Compression } from '../layer/compress';
import { computeModelDigest } from '../layer/model-digest';
import type { PackedLayer } from '../layer/pack';
import { parseTargetPath } from '../layer/target-path';
import type { ModelFile } from '../model/model-file';
import { type AssembledImage, assembleImage, timeStamp } from './assemble';
import { assemblePublication, type Publication } from './assemble-index';
import { type BaseImage, resolveBases } from './base-image';
import type { BuildEvent } from './event';
import { factChanges } from './fact-changes';
import { assertFilesFit } from './layer-limit';
import { LayerPusher } from './layer-pusher';
import { copyLayers, packAndPush } from './pack-and-push';
import { layersOf, readTags } from './previous';
import { publish } from './publish';
import { reportImage } from './report-image';
import { imageFacts, type ImageSettings, runtimeEnvironment } from './settings';
import { type BeforeTags, untaggedImage } from './untagged-image';
import { movingBase, versionedNames } from './warnings';
import { explainPlatforms } from './why-new';

export interface BuildRequest {
  /** At least one; the first is deployed from, the others get the same image. */
  readonly repositories: readonly Repository[];
  /** In each repository. */
  readonly tags: readonly string[];
  readonly baseImage: Reference;
  readonly requireDigest?: boolean | undefined;
  /** One gives a manifest, several an index whose images share every layer of the model. */
  readonly platforms: readonly Platform[];
  readonly model: Model;
  readonly version: string;
  readonly format: Format;
  /** Of the files; they are compared with those of the version before. */
  readonly facts?: ModelFacts | undefined;
  readonly scanVerdict?: Verdict | undefined;
  readonly files: readonly ModelFile[];
  /** In a layer of their own; a file that is also among `files` is only here. */
  readonly codeFiles?: readonly ModelFile[] | undefined;
  /** Default: `/models/<name>`. */
  readonly targetPath?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  readonly entrypoint?: readonly string[] | undefined;
  readonly cmd?: readonly string[] | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly compression: 'auto' | Compression;
  /** Seconds since 1970 that every file and the image are dated to. */
  readonly epochSeconds: number;
  /** Packs and asks, but sends nothing: fates and `changed` say what a push would do. */
  readonly dryRun?: boolean | undefined;
}

interface BuildOptions {
  readonly registry: RegistryPorts;
  readonly request: BuildRequest;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: BuildEvent) => void) | undefined;
  readonly beforeTags?: BeforeTags | undefined;
}

interface BuiltImage {
  readonly image: ReportedImage;
  readonly warnings: readonly string[];
}

/** Eleven octal digits, as a tar header holds them. */
const MAX_EPOCH_SECONDS = 0o77777777777;

/**
 * Puts the model's files on the base and the result into every repository. Blobs and manifests come
 * first, everywhere; tags last. The same request gives the same digest; what a registry has is not sent.
 */
export async function buildAndPush(options: BuildOptions): Promise<BuiltImage> {
  const { registry, request, signal, onEvent = () => undefined, beforeTags } = options;
  const { repositories, platforms, codeFiles = [], tags, dryRun = false } = request;
  const targetPath = checkRequest(request);
  const [target, ...others] = repositories;
  if (target === undefined) throw new ModelpierError('invalid-input', 'there is no repository to push to');
  const [base, { heads, previous }] = await Promise.all([
    resolveBases(registry, request.baseImage, { ...request, signal }),
    readTags(registry, target, { tags, platforms, signal }),
  ]);
  for (const { platform, digest } of base.images) {
    const [reference, on] = [formatReference(base.reference), formatPlatform(platform)];
    onEvent({ type: 'base', reference, digest, platform: on });
  }

  const known = layersOf(previous);
  const pusherTo = (repository: Repository, has?: typeof known): LayerPusher =>
    new LayerPusher(registry, { target: repository, dryRun, known: has, onEvent, signal });
  const bases = base.images;
  const assemble = (packed: readonly PackedLayer[]): Assembled =>
    assembleOn(bases, packed, { request, targetPath });
  const isUnchanged = (packed: readonly PackedLayer[]): boolean => {
    const { digest } = assemble(packed).publication.root;
    return [...heads.values()].some(head => head?.digest === digest);
  };
  const packing = { ...request, bases, codeFiles, targetPath, dryRun, known, isUnchanged, onEvent, signal };
  const { layers, fates } = await packAndPush({ ...packing, pusher: pusherTo(target, known) });
  const { images, publication, modelDigest } = assemble(layers);
  const built = images.map((image, position) => ({
    ...image,
    previous: previous[position] ?? ({ kind: 'none' } as const),
  }));
  const created = timeStamp(request.epochSeconds);
  const compared = { repository: target, layers, created, onEvent, signal };
  const explained = await explainPlatforms(registry, built, compared);

  const targets = [{ repository: target, heads, fates }];
  for (const repository of others) {
    const known = await readTags(registry, repository, { tags, platforms: [], signal });
    const copying = { bases, layers, pusher: pusherTo(repository), from: target, signal };
    targets.push({ repository, heads: known.heads, fates: await copyLayers(copying) });
  }
  const files = layers.flatMap(({ fileDigests }) => fileDigests);
  const untagged = untaggedImage(publication, { repositories, modelDigest, files, bases });
  const changed = await publish(registry, publication, {
    ...{ targets, tags, dryRun, onEvent, signal },
    beforeTags: () => beforeTags?.(untagged) ?? Promise.resolve(),
  });
  const destinations = targets.map((to, position) => ({ ...to, changed: changed[position] === true }));
  const reported = reportImage({
    publication,
    platforms: explained,
    layers,
    destinations,
    tags,
    modelDigest,
  });
  return {
    image: { ...reported, ...factChanges(previous, request.facts) },
    warnings: [...movingBase(base), ...versionedNames(request.files)],
  };
}

function checkRequest(request: BuildRequest): string {
  const { files, epochSeconds, targetPath, model } = request;
  if (files.length === 0) throw new ModelpierError('invalid-input', 'the model has no file');
  if (!Number.isInteger(epochSeconds) || epochSeconds < 0 || epochSeconds > MAX_EPOCH_SECONDS) {
    throw new ModelpierError(
      'invalid-input',
      `source-date-epoch ${epochSeconds} is no time in seconds since 1970`,
    );
  }
  assertFilesFit(request, request.repositories);
  return parseTargetPath(targetPath ?? `/models/${model.metadata.name}`);
}

interface Assembled {
  readonly images: readonly { readonly base: BaseImage; readonly image: AssembledImage }[];
  readonly publication: Publication;
  readonly modelDigest: Digest;
}

/** The layers on every base, and what is put over the images. */
function assembleOn(
  bases: readonly BaseImage[],
  layers: readonly PackedLayer[],
  { request, targetPath }: { readonly request: BuildRequest; readonly targetPath: string },
): Assembled {
  const modelDigest = digestOfModel(layers);
  const settings = settingsOf(request, { modelDigest, targetPath });
  const images = bases.map(base => ({ base, image: assembleImage(base, layers, settings) }));
  return { images, publication: assemblePublication(images), modelDigest };
}

/** Of the model's own files: other code leaves the model what it was. */
const digestOfModel = (layers: readonly PackedLayer[]): Digest =>
  computeModelDigest(layers.filter(({ kind }) => kind !== 'code').flatMap(({ fileDigests }) => fileDigests));

function settingsOf(
  request: BuildRequest,
  { modelDigest, targetPath }: { modelDigest: Digest; targetPath: string },
): ImageSettings {
  const { labels = {}, annotations = {}, entrypoint = [], cmd = [], env = {}, epochSeconds } = request;
  return {
    facts: imageFacts({ ...request, modelDigest }),
    labels,
    annotations,
    entrypoint,
    cmd,
    env: { ...runtimeEnvironment(request, targetPath), ...env },
    epochSeconds,
  };
}
