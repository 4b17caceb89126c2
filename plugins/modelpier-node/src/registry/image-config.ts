import {
  type Descriptor,
  type ImageConfig,
  imageConfig,
  ModelpierError,
  parseWith,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { BlobReader, Waiting } from './ports';

export interface StoredConfig {
  readonly bytes: Uint8Array;
  /** As it was written, with the fields that are not ours. */
  readonly document: Readonly<Record<string, unknown>>;
  readonly config: ImageConfig;
}

/** The config of an image; `name` is that of the image, for the error. */
export async function readImageConfig(
  registry: Pick<BlobReader, 'readBlob'>,
  repository: Repository,
  { descriptor, name, signal }: Waiting & { readonly descriptor: Descriptor; readonly name: string },
): Promise<StoredConfig> {
  const bytes = await registry.readBlob(repository, descriptor, { signal });
  const document = parseJson(bytes, name);
  const config = parseWith(imageConfig, document, `config of ${name}`);
  // The decoder takes an object only.
  return { bytes, document: document as StoredConfig['document'], config };
}

function parseJson(bytes: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw new ModelpierError('invalid-document', `config of ${name} is not JSON`, { cause });
  }
}
