import { createHash } from 'node:crypto';
import {
  type Descriptor,
  type Digest,
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

/** Where cosign keeps the signatures of an image: layers of a manifest under a tag named for the digest. */
const PAYLOAD_TYPE = 'application/vnd.dev.cosign.simplesigning.v1+json';
const SIGNATURE = 'dev.cosignproject.cosign/signature';
/** cosign's own limit for one payload is 128 MiB; one that says what ours says has some 300 bytes. */
const MOST_PAYLOAD_BYTES = 64 * 1024;
/** Anyone who may push can add signatures; so many are looked at. */
const MOST_SIGNATURES = 100;

export interface StoredSignature {
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

type Reader = ManifestReader & BlobReader;
type Writer = Reader & BlobWriter & ManifestWriter;

export const signatureTag = (digest: Digest): string => `${digest.replace(':', '-')}.sig`;

/** The signatures of an image by whomever; nothing of them is verified yet. */
export async function readSignatures(
  registry: Reader,
  repository: Repository,
  { image, signal }: Waiting & { readonly image: Digest },
): Promise<readonly StoredSignature[]> {
  const layers = await readLayers(registry, repository, { image, signal });
  const signatures: StoredSignature[] = [];
  for (const layer of layers.filter(isSignature).slice(0, MOST_SIGNATURES)) {
    const payload = await registry.readBlob(repository, layer, { signal, maxBytes: MOST_PAYLOAD_BYTES });
    signatures.push({ payload, signature: Buffer.from(layer.annotations?.[SIGNATURE] ?? '', 'base64') });
  }
  return signatures;
}

const isSignature = ({ mediaType, size, annotations = {} }: Descriptor): boolean =>
  mediaType === PAYLOAD_TYPE && size <= MOST_PAYLOAD_BYTES && annotations[SIGNATURE] !== undefined;

async function readLayers(
  registry: Reader,
  repository: Repository,
  { image, signal }: Waiting & { readonly image: Digest },
): Promise<readonly Descriptor[]> {
  try {
    const { document } = await registry.getManifest(repository, signatureTag(image), { signal });
    return isIndex(document) ? [] : document.layers;
  } catch (error) {
    if (hasCode(error, 'not-found')) return [];
    throw error;
  }
}

/** Adds a signature to those that are there. Two that are added at the same moment are one too few. */
export async function addSignature(
  registry: Writer,
  repository: Repository,
  { image, payload, signature, signal }: Waiting & StoredSignature & { readonly image: Digest },
): Promise<void> {
  const layer: Descriptor = {
    ...describe(PAYLOAD_TYPE, payload),
    annotations: { [SIGNATURE]: Buffer.from(signature).toString('base64') },
  };
  const layers = [...(await readLayers(registry, repository, { image, signal })), layer];
  const config = Buffer.from(
    JSON.stringify({
      architecture: '',
      os: '',
      config: {},
      rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
    }),
  );
  const descriptor = describe(OCI_CONFIG, config);
  await sendBlob(registry, repository, { descriptor: layer, bytes: payload, signal });
  await sendBlob(registry, repository, { descriptor, bytes: config, signal });
  const document = { schemaVersion: 2, mediaType: OCI_MANIFEST, config: descriptor, layers };
  const bytes = Buffer.from(JSON.stringify(document));
  await registry.putManifest(repository, signatureTag(image), { mediaType: OCI_MANIFEST, bytes }, { signal });
}

const describe = (mediaType: string, bytes: Uint8Array): Descriptor => ({
  mediaType,
  digest: parseDigest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`),
  size: bytes.length,
});
