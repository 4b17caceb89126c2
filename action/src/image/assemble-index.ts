import {
  type Descriptor,
  type Digest,
  IMAGE_BASE_DIGEST,
  type Index,
  OCI_INDEX,
  type Platform,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { AssembledImage } from './assemble';
import type { BaseImage } from './base-image';
import { canonicalJson } from './canonical-json';
import { sha256 } from './sha256';

/** What tags name, with all the images under it. */
export interface Publication {
  /** The manifest of the one image, or the index over several. */
  readonly root: RootDocument;
  /** One for each platform. */
  readonly images: readonly AssembledImage[];
}

interface RootDocument extends Pick<Descriptor, 'mediaType'> {
  readonly digest: Digest;
  readonly bytes: Uint8Array;
}

/** One image stays a manifest, which every tool reads; several are put under an index. */
export function assemblePublication(
  built: readonly { readonly base: BaseImage; readonly image: AssembledImage }[],
): Publication {
  const images = built.map(({ image }) => image);
  const [first, ...others] = images;
  if (first !== undefined && others.length === 0) {
    const { manifest, manifestBytes, digest } = first;
    return { root: { mediaType: manifest.mediaType, digest, bytes: manifestBytes }, images };
  }
  // Every image has a base of its own; all else is said of the model.
  const annotations = Object.entries(first?.manifest.annotations ?? {}).filter(
    ([key]) => key !== IMAGE_BASE_DIGEST,
  );
  const index: Index = {
    schemaVersion: 2,
    mediaType: OCI_INDEX,
    manifests: built.map(({ base, image: { manifest, manifestBytes, digest } }) => ({
      mediaType: manifest.mediaType,
      digest,
      size: manifestBytes.length,
      platform: platformOf(base),
    })),
    annotations: Object.fromEntries(annotations),
  };
  const bytes = canonicalJson(index);
  return { root: { mediaType: OCI_INDEX, digest: sha256(bytes), bytes }, images };
}

/** As the image's own config has it: whoever pulls compares the two. */
function platformOf({ config: { os, architecture, variant } }: BaseImage): Platform {
  return { os, architecture, ...(variant !== undefined && { variant }) };
}
