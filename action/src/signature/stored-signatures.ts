import type { Descriptor, Digest, Repository } from '@modelpier/backstage-plugin-modelpier-common';
import type { Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import { addLayer, type LayerReader, type LayerWriter, readLayers } from './tagged-layers';

const PAYLOAD_TYPE = 'application/vnd.dev.cosign.simplesigning.v1+json';
const SIGNATURE = 'dev.cosignproject.cosign/signature';
/** cosign's own limit for one payload is 128 MiB; one that says what ours says has some 300 bytes. */
const MOST_PAYLOAD_BYTES = 64 * 1024;
/** Anyone who may push can add signatures; so many are looked at, the newest. */
const MOST_SIGNATURES = 100;

export interface StoredSignature {
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  /** What stands beside it: by whom it is, where no key was given for it. */
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

export const signatureTag = (digest: Digest): string => `${digest.replace(':', '-')}.sig`;

/** The signatures of an image by whomever; nothing of them is verified yet. */
export async function readSignatures(
  registry: LayerReader,
  repository: Repository,
  { image, signal }: Waiting & { readonly image: Digest },
): Promise<readonly StoredSignature[]> {
  const layers = await readLayers(registry, repository, { tag: signatureTag(image), signal });
  const signatures: StoredSignature[] = [];
  for (const layer of layers.filter(isSignature).slice(-MOST_SIGNATURES)) {
    const payload = await registry.readBlob(repository, layer, { signal, maxBytes: MOST_PAYLOAD_BYTES });
    const { annotations = {} } = layer;
    signatures.push({ payload, signature: Buffer.from(annotations[SIGNATURE] ?? '', 'base64'), annotations });
  }
  return signatures;
}

const isSignature = ({ mediaType, size, annotations = {} }: Descriptor): boolean =>
  mediaType === PAYLOAD_TYPE && size <= MOST_PAYLOAD_BYTES && annotations[SIGNATURE] !== undefined;

/** Adds a signature to those that are there. */
export const addSignature = (
  registry: LayerWriter,
  repository: Repository,
  { image, payload, signature, annotations, signal }: Waiting & StoredSignature & { readonly image: Digest },
): Promise<void> =>
  addLayer(registry, repository, {
    tag: signatureTag(image),
    mediaType: PAYLOAD_TYPE,
    bytes: payload,
    annotations: { ...annotations, [SIGNATURE]: Buffer.from(signature).toString('base64') },
    signal,
  });
