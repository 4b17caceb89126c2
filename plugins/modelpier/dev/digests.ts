import { createHash } from 'node:crypto';
import { type Digest, parseDigest } from '@modelpier/backstage-plugin-modelpier-common';

/** A digest that is always the same for the same name. */
export const digestOf = (name: string): Digest =>
  parseDigest(`sha256:${createHash('sha256').update(name).digest('hex')}`);
