import { Readable } from 'node:stream';
import {
  type Descriptor,
  type Digest,
  OCI_EMPTY,
  OCI_MANIFEST,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import { digestOf } from './digest-check';
import type { BlobReader, BlobWriter, ReferrerLister, ReferrerWriter, Waiting } from './ports';

export interface AttachedDocument {
  /** Also the media type of the one layer, unless that has its own. */
  readonly artifactType: string;
  readonly mediaType?: string | undefined;
  readonly bytes: Uint8Array;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

export interface Attachment extends Waiting {
  /** What the document is about; its own digest stays what it is. */
  readonly subject: Pick<Descriptor, 'mediaType' | 'digest' | 'size'>;
  readonly document: AttachedDocument;
}

type Registry = BlobReader & BlobWriter & ReferrerLister & ReferrerWriter;

const EMPTY = Buffer.from('{}');

/**
 * Keeps a document beside an image, as an artifact that refers to it (OCI image-spec, "Guidelines for Artifact
 * Usage"). The same document is attached once. Answers the digest of the referring manifest.
 */
export async function attachDocument(
  registry: Registry,
  repository: Repository,
  { subject, document, signal }: Attachment,
): Promise<Digest> {
  const { artifactType, mediaType = artifactType, bytes, annotations } = document;
  const config = { mediaType: OCI_EMPTY, digest: digestOf(EMPTY), size: EMPTY.length };
  const layer = { mediaType, digest: digestOf(bytes), size: bytes.length };
  const { mediaType: type, digest, size } = subject;
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      artifactType,
      config,
      layers: [layer],
      subject: { mediaType: type, digest, size },
      ...(annotations !== undefined && { annotations }),
    }),
  );
  const referrer = digestOf(manifest);
  const known = await registry.listReferrers(repository, digest, { artifactType, signal });
  if (known.some(each => each.digest === referrer)) return referrer;
  await sendBlob(registry, repository, { descriptor: config, bytes: EMPTY, signal });
  await sendBlob(registry, repository, { descriptor: layer, bytes, signal });
  return registry.putReferrer(repository, { mediaType: OCI_MANIFEST, bytes: manifest }, { signal });
}

interface SmallBlob extends Waiting {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
}

/** Sends a document that fits in memory, unless the repository has it. */
export async function sendBlob(
  registry: BlobReader & BlobWriter,
  repository: Repository,
  { descriptor, bytes, signal }: SmallBlob,
): Promise<void> {
  if (await registry.hasBlob(repository, descriptor.digest, { signal })) return;
  const open = (offset: number) => Readable.from([bytes.subarray(offset)]);
  await registry.uploadBlob(repository, { descriptor, open }, { signal });
}
