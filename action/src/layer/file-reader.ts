import { type FileHandle, open } from 'node:fs/promises';
import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type { ModelFile } from '../model/model-file';

/** Large enough that system calls cost nothing beside hashing, small enough for four uploads at once. */
const CHUNK_BYTES = 1024 * 1024;

/** What tells one state of a file from another without reading it. */
type Fingerprint = string;

interface ReadOptions {
  readonly from: number;
  readonly signal?: AbortSignal | undefined;
  /** Chunks may be overwritten once the next is asked for: for consumers that are done with each at once. */
  readonly transient?: boolean;
  /** Chunks can be read by other threads without being copied. */
  readonly shared?: boolean;
}

/**
 * Reads files in chunks of one size, and fails where a file is not what it was
 * when it was first read: its digest is already in the manifest by then.
 */
export class FileReader {
  readonly #fingerprints = new Map<string, Fingerprint>();

  async *read(file: ModelFile, options: ReadOptions): AsyncGenerator<Uint8Array, void> {
    const handle = await openFile(file);
    try {
      await this.#assertUnchanged(file, handle);
      yield* chunksOf(file, handle, options);
      await this.#assertUnchanged(file, handle);
    } finally {
      await handle.close();
    }
  }

  async #assertUnchanged(file: ModelFile, handle: FileHandle): Promise<void> {
    const { size, mtimeNs, ino, dev } = await handle.stat({ bigint: true });
    const fingerprint = [size, mtimeNs, ino, dev].join(' ');
    const known = this.#fingerprints.get(file.path) ?? fingerprint;
    if (size !== BigInt(file.sizeBytes) || known !== fingerprint) throw changed(file);
    this.#fingerprints.set(file.path, fingerprint);
  }
}

/** Reads one chunk ahead, so that the disk works while the consumer does. */
async function* chunksOf(
  file: ModelFile,
  handle: FileHandle,
  { from, signal, transient = false, shared = false }: ReadOptions,
): AsyncGenerator<Uint8Array, void> {
  const kept = transient ? ([chunkOf(file, shared), chunkOf(file, shared)] as const) : undefined;
  let turn = 0;
  const readAt = (position: number): Promise<Uint8Array> => {
    const buffer = kept?.[turn++ % 2 === 0 ? 0 : 1] ?? chunkOf(file, shared);
    return fill(
      file,
      handle,
      buffer.subarray(0, Math.min(buffer.length, file.sizeBytes - position)),
      position,
    );
  };
  let position = from;
  let ahead = position < file.sizeBytes ? readAt(position) : undefined;
  while (ahead !== undefined) {
    const chunk = await ahead;
    signal?.throwIfAborted();
    position += chunk.length;
    ahead = position < file.sizeBytes ? readAt(position) : undefined;
    // Whoever stops reading leaves this one behind; its failure is nobody's then.
    ahead?.catch(() => undefined);
    yield chunk;
  }
}

function chunkOf({ sizeBytes }: ModelFile, shared: boolean): Buffer {
  const length = Math.min(CHUNK_BYTES, Math.max(sizeBytes, 1));
  return shared ? Buffer.from(new SharedArrayBuffer(length)) : Buffer.allocUnsafeSlow(length);
}

/** Network file systems answer less than was asked for; chunks keep their size all the same. */
async function fill(
  file: ModelFile,
  handle: FileHandle,
  buffer: Buffer,
  position: number,
): Promise<Uint8Array> {
  let filled = 0;
  while (filled < buffer.length) {
    const wanted = buffer.length - filled;
    const { bytesRead } = await handle
      .read(buffer, filled, wanted, position + filled)
      .catch((error: unknown) => {
        throw unreadable(file, error);
      });
    if (bytesRead === 0) throw changed(file);
    filled += bytesRead;
  }
  return buffer;
}

async function openFile({ path, absolutePath }: ModelFile): Promise<FileHandle> {
  try {
    return await open(absolutePath);
  } catch (cause) {
    throw new ModelpierError('not-found', `${path} cannot be read`, { cause });
  }
}

/** So that a bad disk is not taken for a bad connection when it is read to be sent. */
function unreadable({ path }: ModelFile, cause: unknown): ModelpierError {
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return new ModelpierError('internal', `${path} cannot be read${code}`, {
    cause,
    hint: "check the runner's disk and the file's permissions",
  });
}

const changed = (file: ModelFile): ModelpierError =>
  new ModelpierError('digest-mismatch', `${file.path} changed while the image was being built`, {
    hint: 'end the process that writes to it before the action runs',
  });
