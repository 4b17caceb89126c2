import { createHash } from 'node:crypto';
import { type Digest, parseDigest } from '@modelpier/backstage-plugin-modelpier-common';
import { compareBytes } from '../model/model-file';

export interface FileDigest {
  readonly path: string;
  readonly digest: Digest;
}

/**
 * The identity of a model's content, however it is packed: SHA-256 over the lines
 * `<sha256 of file>  <path>`, sorted by path as bytes; what `sha256sum` prints, sorted.
 */
export function computeModelDigest(files: readonly FileDigest[]): Digest {
  const hash = createHash('sha256');
  for (const { path, digest } of [...files].sort((a, b) => compareBytes(a.path, b.path))) {
    hash.update(`${digest.slice('sha256:'.length)}  ${path}\n`);
  }
  return parseDigest(`sha256:${hash.digest('hex')}`);
}
