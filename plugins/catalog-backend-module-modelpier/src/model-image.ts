import {
  type Digest,
  DOCKER_CONFIG,
  IMAGE_MODEL,
  imageConfig,
  isIndex,
  isManifestMediaType,
  type Manifest,
  ModelpierError,
  OCI_CONFIG,
  parseWith,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import type {
  BlobReader,
  ManifestReader,
  TagLister,
  Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';

export type ImageReader = ManifestReader & TagLister & Pick<BlobReader, 'readBlob'>;

/** What an image tells of the model in it. */
export interface ModelImage {
  /** As its annotations or labels name it. */
  readonly name: string | undefined;
  /** Whether it is packed as a model is, by one of the tools that do. */
  readonly isPackedModel: boolean;
}

/** CNCF ModelPack, KitOps, Docker Model Runner and Ollama. */
const MODEL_MEDIA_TYPES = [
  'application/vnd.cncf.model.',
  'application/vnd.kitops.modelkit.',
  'application/vnd.docker.ai.model.',
  'application/vnd.ollama.image.model',
];
/** Any image of a repository tells; nobody has to read all names of a large one. */
const MOST_TAGS = 1000;
const MAX_CONFIG_BYTES = 4 * 1024 * 1024;
/** Signatures and the like are kept under tags of their own. */
const REFERRER_TAG = /^sha256-[0-9a-f]{64}/;

/** Reads one image of a repository; `undefined` where it has none. */
export async function readModelImage(
  reader: ImageReader,
  repository: Repository,
  { signal }: Waiting,
): Promise<ModelImage | undefined> {
  const tag = await chooseTag(reader, repository, { signal });
  return tag === undefined ? undefined : await readImage(reader, repository, tag, { signal });
}

/** `latest` where there is one, else the last. */
async function chooseTag(
  reader: TagLister,
  repository: Repository,
  { signal }: Waiting,
): Promise<string | undefined> {
  const names: string[] = [];
  for await (const name of reader.listTags(repository, { signal })) {
    if (!REFERRER_TAG.test(name)) names.push(name);
    if (name === 'latest' || names.length >= MOST_TAGS) break;
  }
  return names.find(name => name === 'latest') ?? names.at(-1);
}

async function readImage(
  reader: ImageReader,
  repository: Repository,
  tagOrDigest: string | Digest,
  { signal }: Waiting,
): Promise<ModelImage> {
  const { document } = await reader.getManifest(repository, tagOrDigest, { signal });
  const name = document.annotations?.[IMAGE_MODEL];
  if (isIndex(document)) {
    const child = document.manifests.find(({ mediaType }) => isManifestMediaType(mediaType));
    if (name !== undefined || child === undefined) return { name, isPackedModel: false };
    const image = await reader.getManifest(repository, child.digest, { signal });
    if (isIndex(image.document)) return { name, isPackedModel: false };
    return await describe(reader, repository, image.document, { signal });
  }
  return await describe(reader, repository, document, { signal });
}

async function describe(
  reader: ImageReader,
  repository: Repository,
  manifest: Manifest,
  { signal }: Waiting,
): Promise<ModelImage> {
  const { artifactType = '', config, layers, annotations } = manifest;
  const types = [artifactType, config.mediaType, ...layers.map(({ mediaType }) => mediaType)];
  const isPackedModel = types.some(type => MODEL_MEDIA_TYPES.some(prefix => type.startsWith(prefix)));
  const name = annotations?.[IMAGE_MODEL];
  if (name !== undefined || ![OCI_CONFIG, DOCKER_CONFIG].includes(config.mediaType))
    return { name, isPackedModel };
  const bytes = await reader.readBlob(repository, config, { maxBytes: MAX_CONFIG_BYTES, signal });
  const what = `image config ${config.digest}`;
  const { config: settings } = parseWith(imageConfig, parseJson(bytes, what), what);
  return { name: settings?.Labels?.[IMAGE_MODEL], isPackedModel };
}

function parseJson(bytes: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw new ModelpierError('invalid-document', `${what} is not JSON`, { cause });
  }
}
