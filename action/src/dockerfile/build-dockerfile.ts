import { readFile } from 'node:fs/promises';
import {
  type Digest,
  type Format,
  formatPlatform,
  formatReference,
  hasCode,
  IMAGE_BASE_DIGEST,
  IMAGE_BASE_NAME,
  type Model,
  type ModelFacts,
  ModelpierError,
  parseReference,
  type Platform,
  type Reference,
  type ReportedImage,
  type Repository,
  type Verdict,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { CredentialProvider, RegistryPorts } from '@modelpier/backstage-plugin-modelpier-node';
import { stable } from '../image/assemble';
import { type ResolvedBase, resolveBases } from '../image/base-image';
import type { BuildEvent } from '../image/event';
import { readTags } from '../image/previous';
import { factChanges } from '../image/fact-changes';
import { imageFacts } from '../image/settings';
import type { BeforeTags } from '../image/untagged-image';
import { movingBase, versionedNames } from '../image/warnings';
import { computeModelDigest } from '../layer/model-digest';
import type { ModelFile } from '../model/model-file';
import type { Dockerfile, DockerfileBuilder, ToolBuild } from './builder';
import { chooseBuilder } from './choose-builder';
import { digestFiles } from './digest-files';
import { type DockerfileImages, readDockerfileImages } from './dockerfile-images';
import { prepareLayers } from './layer-origins';
import { writeLogins } from './logins';
import { publishPushed } from './publish-pushed';
import { readPushed } from './read-pushed';
import { withScratchFolder, writeSecrets } from './scratch-folder';
import type { Texts } from './texts';
import type { RunTool, Toolbox } from './tool';

export interface DockerfileRequest {
  readonly builder: DockerfileBuilder | 'auto';
  readonly dockerfile: Dockerfile;
  /** At least one; the builder pushes to the first, and from there it is copied to the others. */
  readonly repositories: readonly Repository[];
  /** At least one. */
  readonly tags: readonly string[];
  /** The tag that the builder pushes by, where none of the tags may name the image yet; else it is the first of them. */
  readonly pushTag?: string | undefined;
  readonly platforms: readonly Platform[];
  readonly model: Model;
  readonly version: string;
  readonly format: Format;
  /** Of the files; they are compared with those of the version before. */
  readonly facts?: ModelFacts | undefined;
  readonly scanVerdict?: Verdict | undefined;
  readonly files: readonly ModelFile[];
  readonly buildArgs: Texts;
  /** By id, as `RUN --mount=type=secret,id=...` names them. */
  readonly secrets: Texts;
  readonly labels: Texts;
  readonly annotations: Texts;
  readonly epochSeconds: number;
  /** Every image that the Dockerfile names must be named by digest. */
  readonly requireDigest: boolean;
  /** Builds, so that a fault of the Dockerfile shows, but pushes nothing. */
  readonly dryRun: boolean;
}

/** What of this machine a build uses. */
export interface BuildMachine {
  readonly run: RunTool;
  /** Logins and secrets lie here while the build goes. */
  readonly temporaryFolder: string;
  readonly dockerConfigFolder: string;
  readonly credentials: CredentialProvider;
  /** Whether a registry is asked without TLS. */
  readonly isPlain: (registry: string) => boolean;
}

export interface DockerfileOptions {
  readonly registry: RegistryPorts;
  readonly request: DockerfileRequest;
  readonly machine: BuildMachine;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent: (event: BuildEvent) => void;
  /** The builder itself gives the image a tag to push by; this is done before it gets the others. */
  readonly beforeTags?: BeforeTags | undefined;
}

interface BuiltDockerfile {
  /** Nothing after a dry run: what a builder would push has no digest before it does. */
  readonly image: ReportedImage | undefined;
  readonly warnings: readonly string[];
}

/** Builds a Dockerfile with Docker's or Podman's builder and reports the result as of any other image. */
export async function buildDockerfile(options: DockerfileOptions): Promise<BuiltDockerfile> {
  const { registry, request, signal, onEvent } = options;
  const { repositories, tags, platforms, files } = request;
  const [target] = repositories;
  const { pushTag: tag = tags[0] } = request;
  if (target === undefined || tag === undefined) {
    throw new ModelpierError('invalid-input', 'a Dockerfile build needs a repository and a tag to push to');
  }
  const images = readDockerfileImages(await readFile(request.dockerfile.file, 'utf8'), request.buildArgs);
  if (request.requireDigest) assertPinned(images);
  const { base, warnings } = await resolveBase(options, images);
  const { heads, previous } = await readTags(registry, target, { tags, platforms, signal });
  const fileDigests = await digestFiles(files, { signal });
  const modelDigest = computeModelDigest(fileDigests);

  const reference = { ...target, tag };
  const prepared = request.dryRun
    ? new Map()
    : await prepareLayers(registry, target, { previous, base, signal });
  const digest = await withScratchFolder(options.machine.temporaryFolder, scratchFolder =>
    build(options, { reference, images, scratchFolder, facts: factsOf(request, { base, modelDigest }) }),
  );
  const noticed = [...warnings, ...(base === undefined ? [] : movingBase(base)), ...versionedNames(files)];
  if (digest === undefined) return { image: undefined, warnings: [...noticed, UNKNOWN] };
  const pushed = await readPushed(registry, reference, { digest, platforms, signal });
  onEvent({ type: 'pushed', reference: formatReference(reference), digest });
  const lost = lostAnnotations(request, pushed.images);
  const image = await publishPushed(registry, pushed, {
    ...{ base, target, heads, previous, prepared, modelDigest, tags, repositories, onEvent, signal },
    ...{ files: fileDigests, beforeTags: options.beforeTags },
  });
  return { image: { ...image, ...factChanges(previous, request.facts) }, warnings: [...noticed, ...lost] };
}

const UNKNOWN =
  'the Dockerfile was built but not pushed: which layers a push would send, and the digest, only a push tells';

interface Work {
  readonly reference: Reference;
  readonly images: DockerfileImages;
  readonly scratchFolder: string;
  readonly facts: Texts;
}

/** Has the builder build and push; the digest is what it says of what it has pushed. */
async function build(
  { request, machine, signal, onEvent }: DockerfileOptions,
  { reference, images, scratchFolder, facts }: Work,
): Promise<Digest | undefined> {
  const { run, isPlain } = machine;
  const pulledFrom = images.pulled.map(registryOf).filter(registry => registry !== undefined);
  const registries = [reference.registry, ...pulledFrom];
  const toolbox: Toolbox = {
    run,
    environment: await writeLogins(scratchFolder, { ...machine, registries }),
    onLine: line => onEvent({ type: 'tool', line }),
    secrets: Object.values(request.secrets),
    signal,
  };
  const builder = await chooseBuilder(request.builder, toolbox);
  onEvent({ type: 'builder', name: builder.name, file: request.dockerfile.file });
  const told: ToolBuild = {
    ...request,
    secretFiles: await writeSecrets(scratchFolder, request.secrets),
    labels: { ...facts, ...stable(request.labels) },
    annotations: { ...facts, ...stable(request.annotations) },
    pullsPlain: pulledFrom.length > 0 && pulledFrom.every(isPlain),
    push: request.dryRun ? undefined : { reference, isPlain: isPlain(reference.registry) },
    scratchFolder,
  };
  return builder.build(told);
}

/** The base decides which layers are its own; a build does not fail over one that we cannot read. */
async function resolveBase(
  { registry, request: { platforms }, signal, onEvent }: DockerfileOptions,
  { base: name }: DockerfileImages,
): Promise<{ base: ResolvedBase | undefined; warnings: readonly string[] }> {
  if (name === undefined) return { base: undefined, warnings: [] };
  try {
    const base = await resolveBases(registry, parseReference(name), { platforms, signal });
    for (const { platform, digest } of base.images) {
      onEvent({ type: 'base', reference: name, digest, platform: formatPlatform(platform) });
    }
    return { base, warnings: [] };
  } catch (error) {
    if (hasCode(error, 'cancelled') || !(error instanceof ModelpierError)) throw error;
    signal?.throwIfAborted();
    const warning = `FROM ${name} cannot be read, so the base's layers are not told apart: ${error.message}`;
    return { base: undefined, warnings: [warning] };
  }
}

function assertPinned({ pulled }: DockerfileImages): void {
  const moving = pulled.filter(name => !name.includes('@'));
  if (moving.length === 0) return;
  throw new ModelpierError(
    'invalid-input',
    `the Dockerfile names ${moving.join(', ')} by a tag, and require-digest is set`,
    { hint: 'name each image by its digest: name@sha256:...' },
  );
}

function registryOf(name: string): string | undefined {
  try {
    return parseReference(name).registry;
  } catch {
    // The builder will say what is wrong with it.
    return undefined;
  }
}

function factsOf(
  request: DockerfileRequest,
  { base, modelDigest }: { base: ResolvedBase | undefined; modelDigest: Digest },
): Texts {
  const facts = imageFacts({ ...request, modelDigest });
  if (base === undefined) return facts;
  const { reference, images, digest } = base;
  const [image] = images;
  return {
    ...facts,
    [IMAGE_BASE_NAME]: formatReference({ ...reference, digest: undefined }),
    [IMAGE_BASE_DIGEST]: image === undefined || images.length > 1 ? digest : image.digest,
  };
}

/** Docker's own image store has no place for annotations and drops them without a word. */
function lostAnnotations(
  { annotations }: DockerfileRequest,
  images: Awaited<ReturnType<typeof readPushed>>['images'],
): readonly string[] {
  const lost = Object.keys(stable(annotations)).filter(key =>
    images.some(({ manifest }) => manifest.annotations?.[key] === undefined),
  );
  if (lost.length === 0) return [];
  return [
    `the builder did not keep the annotations ${lost.join(', ')}: use a BuildKit of its own ` +
      '(docker/setup-buildx-action) or builder: buildah',
  ];
}
