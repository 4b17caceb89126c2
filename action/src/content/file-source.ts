import { closeSync, openSync, readSync } from 'node:fs';
import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import { assertInside, type ByteSource, memorySource } from './byte-source';

interface SizedFile {
  readonly path: string;
  readonly absolutePath: string;
  readonly sizeBytes: number;
}

export interface OpenSource extends ByteSource {
  close(): void;
}

/** Read at once and closed; larger files are read where they are asked for. */
const SMALL_BYTES = 256 * 1024;

/** A file as it is on disk. */
export function openSource(sized: SizedFile): OpenSource {
  const { path, absolutePath, sizeBytes } = sized;
  const file = attempt(path, () => openSync(absolutePath, 'r'));
  const read = (offset: number, length: number): Buffer => {
    assertInside(sizeBytes, offset, length);
    return readRange(sized, file, { offset, length });
  };
  const close = (): void => closeSync(file);
  if (sizeBytes > SMALL_BYTES) return { sizeBytes, read, close };
  try {
    return { ...memorySource(read(0, sizeBytes)), close: () => undefined };
  } finally {
    close();
  }
}

function readRange(
  { path }: SizedFile,
  file: number,
  { offset, length }: { readonly offset: number; readonly length: number },
): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  for (let filled = 0; filled < length;) {
    const read = attempt(path, () => readSync(file, buffer, filled, length - filled, offset + filled));
    if (read === 0) throw new ModelpierError('conflict', `inspect ${path}: it was cut while it was read`);
    filled += read;
  }
  return buffer;
}

function attempt<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw new ModelpierError('not-found', `inspect ${path}: it cannot be read`, { cause });
  }
}
