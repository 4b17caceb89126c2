import type { Digest } from '../image/digest';
import type { Index, Manifest } from '../image/manifest';
import type { ReuseImage } from './reuse';

type Origin = Pick<ReuseImage, 'baseKeys' | 'platform'>;

/** What an image weighs in a registry and on the wire: blobs by digest, compressed bytes. */
export const compressedImage = (
  manifest: Manifest,
  origin: Origin = {},
): ReuseImage & { readonly layers: NonNullable<ReuseImage['layers']> } => ({
  ...origin,
  basis: 'compressed',
  layers: manifest.layers.map(({ digest, size, urls = [] }) => ({
    key: digest,
    sizeBytes: size,
    isForeign: urls.length > 0,
  })),
});

/** A layer as it lies unpacked; `null` where its size is not known. */
export interface UnpackedLayer {
  readonly diffId: Digest;
  readonly sizeBytes: number | null;
}

/** What an image weighs on a node's disk: snapshots by chain id, unpacked bytes. */
export function uncompressedImage(
  layers: readonly UnpackedLayer[],
  sha256: (text: string) => Digest,
  origin: Origin = {},
): ReuseImage {
  const keys = chainIds(
    layers.map(({ diffId }) => diffId),
    sha256,
  );
  return {
    ...origin,
    basis: 'uncompressed',
    layers: keys.map((key, position) => ({ key, sizeBytes: layers[position]?.sizeBytes ?? null })),
  };
}

/** The identity of each layer together with all below it (OCI image-spec, config.md, "Layer ChainID"). */
export function chainIds(diffIds: readonly Digest[], sha256: (text: string) => Digest): readonly Digest[] {
  const chain: Digest[] = [];
  for (const diffId of diffIds) {
    const below = chain.at(-1);
    chain.push(below === undefined ? diffId : sha256(`${below} ${diffId}`));
  }
  return chain;
}

/** Layers that are statements about an image: cosign signatures, in-toto attestations, SBOMs. */
const STATEMENT = /^application\/(?:vnd\.dev\.cosign\.|vnd\.dsse\.|vnd\.in-toto\+|spdx\+|vnd\.cyclonedx\+)/;

/** Whether the formula measures it: an image or a model, not what is attached to one. */
export const isMeasured = ({ subject, layers }: Manifest): boolean =>
  subject === undefined && !layers.some(({ mediaType }) => STATEMENT.test(mediaType));

/** Whether an index's entry is an image: BuildKit hides attestations as platform unknown/unknown. */
export const isMeasuredEntry = ({ platform, annotations = {} }: Index['manifests'][number]): boolean =>
  !(platform?.os === 'unknown' && platform.architecture === 'unknown') &&
  annotations['vnd.docker.reference.type'] === undefined;
