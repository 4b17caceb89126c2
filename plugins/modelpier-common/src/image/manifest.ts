import { ModelpierError } from '../error';
import {
  count,
  describe,
  type Decoded,
  integer,
  list,
  literal,
  object,
  optional,
  parseWith,
  record,
  text,
} from '../parse/decoder';
import { descriptor } from './descriptor';
import { digest } from './digest';
import { INDEX_MEDIA_TYPES, isIndexMediaType, MANIFEST_MEDIA_TYPES } from './media-type';
import { platform } from './platform';

/** One image on one platform (OCI image-spec, manifest.md). */
export const manifest = object({
  schemaVersion: integer,
  mediaType: literal(...MANIFEST_MEDIA_TYPES),
  artifactType: optional(text),
  config: descriptor,
  layers: list(descriptor),
  subject: optional(descriptor),
  annotations: optional(record(text)),
});
export type Manifest = Decoded<typeof manifest>;

/** The same image on several platforms (OCI image-spec, image-index.md). */
export const index = object({
  schemaVersion: integer,
  mediaType: literal(...INDEX_MEDIA_TYPES),
  manifests: list(
    object({
      mediaType: text,
      digest,
      size: count,
      platform: optional(platform),
      artifactType: optional(text),
      annotations: optional(record(text)),
    }),
  ),
  annotations: optional(record(text)),
});
export type Index = Decoded<typeof index>;

/**
 * A manifest or an index. The media type of the answer decides where the document has none of its
 * own (OCI allows that); where the two disagree, the document is refused.
 */
export function parseManifest(json: unknown, contentType: string): Manifest | Index {
  const own =
    typeof json === 'object' && json !== null ? (json as { mediaType?: unknown }).mediaType : undefined;
  if (own !== undefined && own !== contentType) {
    throw new ModelpierError(
      'invalid-document',
      `manifest says it is ${describe(own)}, the registry says ${contentType}`,
    );
  }
  if (own === undefined && isAmbiguous(json)) {
    throw new ModelpierError(
      'invalid-document',
      'manifest has layers and manifests and does not say which it is: it could be read as two images',
    );
  }
  const typed = { ...(json as object), mediaType: contentType };
  return isIndexMediaType(contentType)
    ? parseWith(index, typed, 'image index')
    : parseWith(manifest, typed, 'image manifest');
}

/** OCI image-spec advisory GHSA-77vh-xpmg-72qh: refuse what two readers would read differently. */
const isAmbiguous = (json: unknown): boolean =>
  typeof json === 'object' && json !== null && 'manifests' in json && ('layers' in json || 'config' in json);

export const isIndex = (document: Manifest | Index): document is Index =>
  isIndexMediaType(document.mediaType);
