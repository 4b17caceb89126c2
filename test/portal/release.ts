import {
  type Descriptor,
  type Digest,
  MODEL_LABEL,
  OCI_CONFIG,
  OCI_INDEX,
  OCI_LAYER_TAR,
  OCI_MANIFEST,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { RegistryPorts } from '@modelpier/backstage-plugin-modelpier-node';
import { blobOf, jsonBytes } from '../servers/registry/samples';

export interface SampleLayer {
  readonly bytes: Uint8Array;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface SampleImage {
  readonly layers: readonly SampleLayer[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly architecture?: string;
}

/** Bytes that no other seed gives, so that a layer's digest says which layer it is. */
export const layerBytes = (seed: string, sizeBytes: number): Uint8Array =>
  Buffer.alloc(sizeBytes, `${seed};`);

/** Pushes an image of these layers under a tag or, without one, under its digest only. */
export async function pushSample(
  registry: RegistryPorts,
  repository: Repository,
  { layers, annotations, labels, architecture = 'amd64' }: SampleImage,
  tag?: string,
): Promise<Descriptor> {
  const blobs = layers.map(({ bytes }) => blobOf(bytes, OCI_LAYER_TAR));
  const config = blobOf(
    jsonBytes({
      architecture,
      os: 'linux',
      created: '1970-01-01T00:00:00Z',
      config: { Labels: labels },
      rootfs: { type: 'layers', diff_ids: blobs.map(({ descriptor }) => descriptor.digest) },
    }),
    OCI_CONFIG,
  );
  for (const blob of [config, ...blobs]) await registry.uploadBlob(repository, blob);
  const document = {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: config.descriptor,
    layers: blobs.map(({ descriptor }, at) => ({ ...descriptor, annotations: layers[at]?.annotations })),
    annotations,
  };
  return await pushDocument(registry, repository, document, tag);
}

/** Pushes an index over images, given with their platform's architecture. */
export function pushIndex(
  registry: RegistryPorts,
  repository: Repository,
  images: readonly { readonly image: Descriptor; readonly architecture: string }[],
  tag: string,
): Promise<Descriptor> {
  const manifests = images.map(({ image, architecture }) => ({
    ...image,
    platform: { os: architecture === 'unknown' ? 'unknown' : 'linux', architecture },
  }));
  const document = { schemaVersion: 2, mediaType: OCI_INDEX, manifests };
  return pushDocument(registry, repository, document, tag);
}

async function pushDocument(
  registry: RegistryPorts,
  repository: Repository,
  document: { readonly schemaVersion: number; readonly mediaType: string },
  tag: string | undefined,
): Promise<Descriptor> {
  const bytes = jsonBytes(document);
  const { mediaType } = document;
  const { digest } = blobOf(bytes).descriptor;
  await registry.putManifest(repository, tag ?? digest, { mediaType, bytes });
  return { mediaType, digest, size: bytes.byteLength };
}

export interface SampleWorkload {
  readonly name: string;
  readonly model: string;
  readonly image: string;
  readonly replicas?: number;
  readonly resources?: object;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A Deployment in `apps` as the action applies it. */
export const sampleDeployment = ({
  name,
  model,
  image,
  replicas = 1,
  resources = {},
  annotations,
}: SampleWorkload) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'apps', labels: { [MODEL_LABEL]: model }, annotations },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'server', image, resources }] },
    },
  },
});

/** `repository@digest`, as a pod template should name its image. */
export const pinned = ({ registry, path }: Repository, digest: Digest): string =>
  `${registry}/${path}@${digest}`;
