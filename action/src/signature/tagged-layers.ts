import { createHash } from 'node:crypto';
import {
  type Descriptor,
  hasCode,
  isIndex,
  OCI_CONFIG,
  OCI_MANIFEST,
  parseDigest,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import {
  type BlobReader,
  type BlobWriter,
  type ManifestReader,
  type ManifestWriter,
  sendBlob,
  type Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';

/** How cosign keeps what is said of an image: each statement a layer of a manifest under a tag made of its digest. */
interface Tagged extends Waiting {
  readonly tag: string;
}

export type LayerReader = ManifestReader & BlobReader;
export type LayerWriter = LayerReader & BlobWriter & ManifestWriter;

export async function readLayers(
  registry: LayerReader,
  repository: Repository,
  { tag, signal }: Tagged,
): Promise<readonly Descriptor[]> {
  try {
    const { document } = await registry.getManifest(repository, tag, { signal });
    return isIndex(document) ? [] : document.layers;
  } catch (error) {
    if (hasCode(error, 'not-found')) return [];
    throw error;
  }
}

interface AddedStatement extends Tagged {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Adds a layer to those that are there. Of two that are added at the same moment one may be lost. */
export async function addLayer(
  registry: LayerWriter,
  repository: Repository,
  { tag, mediaType, bytes, annotations, signal }: AddedStatement,
): Promise<void> {
  const layer: Descriptor = { ...describe(mediaType, bytes), annotations };
  const layers = [...(await readLayers(registry, repository, { tag, signal })), layer];
  const diffIds = layers.map(({ digest }) => digest);
  const content = { architecture: '', os: '', config: {}, rootfs: { type: 'layers', diff_ids: diffIds } };
  const config = Buffer.from(JSON.stringify(content));
  const descriptor = describe(OCI_CONFIG, config);
  await sendBlob(registry, repository, { descriptor: layer, bytes, signal });
  await sendBlob(registry, repository, { descriptor, bytes: config, signal });
  const document = { schemaVersion: 2, mediaType: OCI_MANIFEST, config: descriptor, layers };
  const manifest = { mediaType: OCI_MANIFEST, bytes: Buffer.from(JSON.stringify(document)) };
  await registry.putManifest(repository, tag, manifest, { signal });
}

const describe = (mediaType: string, bytes: Uint8Array): Descriptor => ({
  mediaType,
  digest: parseDigest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`),
  size: bytes.length,
});
