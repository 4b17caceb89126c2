import { createHash } from 'node:crypto';
import { type Digest, parseDigest } from '@modelpier/backstage-plugin-modelpier-common';

export const sha256 = (bytes: Uint8Array): Digest =>
  parseDigest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
