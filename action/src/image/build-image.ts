import {
  type Digest,
  type Format,
  formatPlatform,
  formatReference,
  type Model,
  ModelpierError,
  type Platform,
  type Reference,
  type ReportedImage,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { RegistryPorts } from '@modelpier/backstage-plugin-modelpier-node';
import type { Compression } from '../layer/compress';
import { computeModelDigest } from '../layer/model-digest';
import type { PackedLayer } from '../layer/pack';
import { parseTargetPath } from '../layer/target-path';
import type { ModelFile } from '../model/model-file';
import { assembleImage } from './assemble';
import { resolveBase } from './base-image';
import type { BuildEvent } from './event';
import { LayerPusher } from './layer-pusher';
import { packAndPush } from './pack-and-push';
import { readTags } from './previous';
import { publishImage } from './publish';
import { reportImage } from './report-image';
import { imageFacts, type ImageSettings, runtimeEnvironment } from './settings';
import { movingBase, oversizedLayers, versionedNames } from './warnings';

export interface BuildRequest {
  readonly repository: Repository;
  readonly tags: readonly string[];
  readonly baseImage: Reference;
  readonly requireDigest?: boolean | undefined;
  readonly platform: Platform;
  readonly model: Model;
  readonly version: string;
  readonly format: Format;
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
}

interface BuiltImage {
  readonly image: ReportedImage;
  readonly warnings: readonly string[];
}

/** Eleven octal digits, as a tar header holds them. */
const MAX_EPOCH_SECONDS = 0o77777777777;

/**
 * Puts the model's files on the base and the result into the repository, tags last.
 * The same request gives the same digest; what the registry has already is not sent.
 */
export async function buildAndPush(options: BuildOptions): Promise<BuiltImage> {
  const { registry, request, signal, onEvent = () => undefined } = options;
  const { repository: target, tags, platform, dryRun = false } = request;
  const targetPath = checkRequest(request);
  const base = await resolveBase(registry, request.baseImage, { ...request, signal });
  onEvent({
    type: 'base',
    reference: formatReference(base.reference),
    digest: base.digest,
    platform: formatPlatform(platform),
  });
  const { heads, previous } = await readTags(registry, target, { tags, platform, signal });

  const pusher = new LayerPusher(registry, { target, dryRun, onEvent, signal });
  const { codeFiles = [] } = request;
  const pushed = await packAndPush({ ...request, codeFiles, base, targetPath, pusher, onEvent, signal });

  const { layers } = pushed;
  const modelDigest = digestOfModel(layers);
  const image = assembleImage(base, layers, settingsOf(request, { modelDigest, targetPath }));
  const changed = await publishImage(registry, image, { target, tags, heads, dryRun, onEvent, signal });
  return {
    image: reportImage({ ...pushed, ...request, base, image, modelDigest, changed, previous }),
    warnings: [...movingBase(base), ...versionedNames(request.files), ...oversizedLayers(layers, target)],
  };
}

function checkRequest({ files, epochSeconds, targetPath, model }: BuildRequest): string {
  if (files.length === 0) throw new ModelpierError('invalid-input', 'the model has no file');
  if (!Number.isInteger(epochSeconds) || epochSeconds < 0 || epochSeconds > MAX_EPOCH_SECONDS) {
    throw new ModelpierError(
      'invalid-input',
      `source-date-epoch ${epochSeconds} is no time in seconds since 1970`,
    );
  }
  return parseTargetPath(targetPath ?? `/models/${model.metadata.name}`);
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
