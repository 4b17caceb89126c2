import {
  type Digest,
  DOCKER_CONFIG,
  DOCKER_LAYER_GZIP,
  DOCKER_MANIFEST,
  OCI_CONFIG,
  OCI_INDEX,
  OCI_LAYER_GZIP,
  OCI_MANIFEST,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { RegistryPorts } from '@modelpier/backstage-plugin-modelpier-node';
import { gzipSync } from 'node:zlib';
import { blobOf, digestOf, jsonBytes } from './samples';

interface BaseOptions {
  readonly tag?: string;
  /** Media types of Docker's image manifest version 2, schema 2. */
  readonly isDocker?: boolean;
  readonly architecture?: string;
  /** Over and above architecture, system and layers. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** What the layers hold; each is one blob. */
  readonly layers?: readonly Uint8Array[];
  /** How hard gzip tries: the same content in other bytes. */
  readonly level?: number;
}

/** A runtime image with real gzip layers, pushed under its tag. */
export async function pushBase(registry: RegistryPorts, repository: Repository, options: BaseOptions = {}) {
  const {
    tag = 'v1',
    isDocker = false,
    architecture = 'amd64',
    layers = [Buffer.from('base layer')],
    level,
  } = options;
  const types = isDocker
    ? { config: DOCKER_CONFIG, layer: DOCKER_LAYER_GZIP, manifest: DOCKER_MANIFEST }
    : { config: OCI_CONFIG, layer: OCI_LAYER_GZIP, manifest: OCI_MANIFEST };
  const blobs = layers.map(bytes => blobOf(gzipSync(bytes, { level }), types.layer));
  const config = blobOf(
    jsonBytes({
      architecture,
      os: 'linux',
      rootfs: { type: 'layers', diff_ids: layers.map(digestOf) },
      ...options.config,
    }),
    types.config,
  );
  for (const blob of [config, ...blobs]) await registry.uploadBlob(repository, blob);
  const bytes = jsonBytes({
    schemaVersion: 2,
    mediaType: types.manifest,
    config: config.descriptor,
    layers: blobs.map(({ descriptor }) => descriptor),
  });
  const digest = await registry.putManifest(repository, tag, { mediaType: types.manifest, bytes });
  return { digest, mediaType: types.manifest, sizeBytes: bytes.byteLength, layers: blobs, config };
}

/** An index over images of the repository, by architecture, pushed under the tag. */
export async function pushIndex(
  registry: RegistryPorts,
  repository: Repository,
  {
    tag,
    images,
  }: {
    tag: string;
    images: Readonly<Record<string, Pick<PushedBase, 'digest' | 'mediaType' | 'sizeBytes'>>>;
  },
): Promise<Digest> {
  const bytes = jsonBytes({
    schemaVersion: 2,
    mediaType: OCI_INDEX,
    manifests: Object.entries(images).map(([architecture, { digest, mediaType, sizeBytes }]) => ({
      mediaType,
      digest,
      size: sizeBytes,
      platform: architecture === 'unknown' ? { os: 'unknown', architecture } : { os: 'linux', architecture },
    })),
  });
  return registry.putManifest(repository, tag, { mediaType: OCI_INDEX, bytes });
}

type PushedBase = Awaited<ReturnType<typeof pushBase>>;
