import { createPublicKey, type KeyObject } from 'node:crypto';
import {
  type Descriptor,
  type Digest,
  formatReference,
  list,
  object,
  parseWith,
  record,
  type Repository,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import { ENVELOPE_TYPE, openStatement, sealStatement } from './attestation';
import { addLayer, type LayerReader, type LayerWriter, readLayers } from './tagged-layers';

/** A statement of ours has a few KiB. */
const MOST_ENVELOPE_BYTES = 1024 * 1024;
const MOST_ENVELOPES = 100;
/** cosign looks for the annotation also where the signature is in the envelope. */
const SIGNATURE = 'dev.cosignproject.cosign/signature';

interface Attesting extends Waiting {
  readonly image: Digest;
  /** An in-toto statement about the image. */
  readonly statement: Uint8Array;
  readonly predicateType: string;
  readonly key: KeyObject;
}

const attestationTag = (digest: Digest): string => `${digest.replace(':', '-')}.att`;

/**
 * Keeps a signed statement beside an image, so that `cosign verify-attestation --key` takes it; the first of its kind
 * by each key stays. Answers where it is.
 */
export async function attestImage(
  registry: LayerWriter,
  repository: Repository,
  attesting: Attesting,
): Promise<string> {
  const { image, statement, predicateType, key, signal } = attesting;
  const tag = attestationTag(image);
  if (!(await isAttested(registry, repository, attesting))) {
    const annotations = { [SIGNATURE]: '', predicateType };
    const bytes = sealStatement(statement, key);
    await addLayer(registry, repository, { tag, mediaType: ENVELOPE_TYPE, bytes, annotations, signal });
  }
  return formatReference({ ...repository, tag });
}

const subjects = object({ predicateType: text, subject: list(object({ digest: record(text) })) });

async function isAttested(
  registry: LayerReader,
  repository: Repository,
  { image, predicateType, key, signal }: Attesting,
): Promise<boolean> {
  const own = createPublicKey(key);
  const layers = await readLayers(registry, repository, { tag: attestationTag(image), signal });
  for (const layer of layers.filter(isEnvelope).slice(0, MOST_ENVELOPES)) {
    const bytes = await registry.readBlob(repository, layer, { signal, maxBytes: MOST_ENVELOPE_BYTES });
    if (isAbout(bytes, { image, predicateType, key: own })) return true;
  }
  return false;
}

const isEnvelope = ({ mediaType, size }: Descriptor): boolean =>
  mediaType === ENVELOPE_TYPE && size <= MOST_ENVELOPE_BYTES;

function isAbout(
  bytes: Uint8Array,
  { image, predicateType, key }: Pick<Attesting, 'image' | 'predicateType' | 'key'>,
): boolean {
  try {
    const statement = openStatement(bytes, key);
    if (statement === undefined) return false;
    const said = parseWith(subjects, JSON.parse(Buffer.from(statement).toString('utf8')), 'statement');
    const isOfImage = said.subject.some(({ digest }) => `sha256:${digest['sha256'] ?? ''}` === image);
    return said.predicateType === predicateType && isOfImage;
  } catch {
    // Somebody else's, which is none of ours to judge.
    return false;
  }
}
