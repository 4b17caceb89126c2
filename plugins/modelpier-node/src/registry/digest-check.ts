import {
  type Descriptor,
  type Digest,
  ModelpierError,
  parseDigest,
} from '@modelpier/backstage-plugin-modelpier-common';
import { createHash } from 'node:crypto';
import { RegistryError } from './registry-error';

export const digestOf = (bytes: Uint8Array): Digest =>
  parseDigest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);

/** Follows bytes as they pass; throws where they are not those of the descriptor. */
export interface DigestCheck {
  readonly seenBytes: number;
  take(chunk: Uint8Array): void;
  finish(): void;
}

export function createDigestCheck({ digest, size }: Descriptor, act: string): DigestCheck {
  const hash = createHash('sha256');
  let seenBytes = 0;
  return {
    get seenBytes() {
      return seenBytes;
    },
    take: chunk => {
      seenBytes += chunk.byteLength;
      if (seenBytes > size) throw mismatch(`${act}: more than the announced ${size} bytes`);
      hash.update(chunk);
    },
    finish: () => {
      if (seenBytes < size) throw tooShort(`${act}: ${seenBytes} of the announced ${size} bytes`);
      const actual = `sha256:${hash.digest('hex')}`;
      if (actual !== digest) throw mismatch(`${act}: the bytes are ${actual}`);
    },
  };
}

/** Throws where a registry says that it stored something else than what was sent. */
export function assertSameDigest(expected: Digest, answered: string | undefined, act: string): void {
  // A registry may name what it stored by another algorithm; then there is nothing to compare.
  if (answered === undefined || !answered.startsWith('sha256:') || answered === expected) return;
  throw mismatch(`${act}: expected ${expected}, the registry says ${answered.slice(0, 80)}`);
}

const hint =
  'the registry, or something between it and this machine, changed the bytes: try again, then look at the registry';

const mismatch = (message: string): ModelpierError =>
  new ModelpierError('digest-mismatch', message, { hint });

/** What ended too soon may be had with another request. */
const tooShort = (message: string): RegistryError =>
  new RegistryError('digest-mismatch', message, { hint, isTransient: true });
