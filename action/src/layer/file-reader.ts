import { type BigIntStats, closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type { ModelFile } from '../model/model-file';

/** Large enough that system calls cost nothing beside hashing, small enough for four uploads at once. */
const CHUNK_BYTES = 1024 * 1024;

/**
 * Up to here a file is read by calls that block. Each takes microseconds, and a hundred through the
 * thread pool of Node: 100,000 files are read in 3 s instead of 30 s.
 */
const SMALL_FILE_BYTES = 64 * 1024;
/** So many at a stretch; then sockets, signals and timers have their turn. */
const FILES_A_TURN = 50;

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
  #readThisTurn = 0;

  async *read(file: ModelFile, options: ReadOptions): AsyncGenerator<Uint8Array, void> {
    if (file.sizeBytes <= SMALL_FILE_BYTES) {
      const { bytes, stats } = readWhole(file);
      this.#assertUnchanged(file, stats);
      if (options.from < bytes.length) yield bytes.subarray(options.from);
      if (++this.#readThisTurn % FILES_A_TURN === 0) await setImmediate();
      options.signal?.throwIfAborted();
      return;
    }
    const handle = await openFile(file);
    try {
      this.#assertUnchanged(file, await handle.stat({ bigint: true }));
      yield* chunksOf(file, handle, options);
      this.#assertUnchanged(file, await handle.stat({ bigint: true }));
    } finally {
      await handle.close();
    }
  }

  #assertUnchanged(file: ModelFile, { size, mtimeNs, ino, dev }: BigIntStats): void {
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

async function openFile(file: ModelFile): Promise<FileHandle> {
  try {
    return await open(file.absolutePath);
  } catch (cause) {
    throw gone(file, cause);
  }
}

/** All of a file that is small, and what it was when it had been read. */
function readWhole(file: ModelFile): { readonly bytes: Uint8Array; readonly stats: BigIntStats } {
  const descriptor = openWhole(file);
  try {
    const bytes = Buffer.allocUnsafe(file.sizeBytes);
    let filled = 0;
    while (filled < bytes.length) {
      const readBytes = readSync(descriptor, bytes, filled, bytes.length - filled, filled);
      if (readBytes === 0) throw changed(file);
      filled += readBytes;
    }
    return { bytes, stats: fstatSync(descriptor, { bigint: true }) };
  } catch (error) {
    throw error instanceof ModelpierError ? error : unreadable(file, error);
  } finally {
    closeSync(descriptor);
  }
}

function openWhole(file: ModelFile): number {
  try {
    return openSync(file.absolutePath, 'r');
  } catch (cause) {
    throw gone(file, cause);
  }
}

const gone = ({ path }: ModelFile, cause: unknown): ModelpierError =>
  new ModelpierError('not-found', `${path} cannot be read`, { cause });

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
