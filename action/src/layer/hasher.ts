import { createHash } from 'node:crypto';
import { type Digest, parseDigest } from '@modelpier/backstage-plugin-modelpier-common';

/** SHA-256 over chunks that come one after another; a chunk is done with when `update` is. */
export interface Hasher {
  update(chunk: Uint8Array): Promise<unknown> | undefined;
  digest(): Promise<Digest> | Digest;
}

/** Hashes where it is called. */
export function createHasher(): Hasher {
  const hash = createHash('sha256');
  return {
    update: chunk => {
      hash.update(chunk);
      return undefined;
    },
    digest: () => digestOfHex(hash.digest('hex')),
  };
}

export const digestOfHex = (hex: string): Digest => parseDigest(`sha256:${hex}`);
