import { closeSync, openSync, readSync } from 'node:fs';
import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import { assertInside, type ByteSource } from './byte-source';

interface SizedFile {
  readonly path: string;
  readonly absolutePath: string;
  readonly sizeBytes: number;
}

export interface OpenSource extends ByteSource {
  close(): void;
}

/** A file as it is on disk, read where it is asked for. */
export function openSource({ path, absolutePath, sizeBytes }: SizedFile): OpenSource {
  const file = attempt(path, () => openSync(absolutePath, 'r'));
  return {
    sizeBytes,
    read: (offset, length) => {
      assertInside(sizeBytes, offset, length);
      const buffer = Buffer.allocUnsafe(length);
      for (let filled = 0; filled < length;) {
        const read = attempt(path, () => readSync(file, buffer, filled, length - filled, offset + filled));
        if (read === 0) throw new ModelpierError('conflict', `inspect ${path}: it was cut while it was read`);
        filled += read;
      }
      return buffer;
    },
    close: () => closeSync(file),
  };
}

function attempt<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw new ModelpierError('not-found', `inspect ${path}: it cannot be read`, { cause });
  }
}
