import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';

/** Bytes by digest. Repositories say who may see which. */
export interface BlobStore {
  sizeOf(digest: string): Promise<number | undefined>;
  read(digest: string, start: number): Readable;
  put(digest: string, bytes: Uint8Array): Promise<void>;
  startUpload(): Promise<StoredUpload>;
}

/** An upload keeps every byte it received, also those before the connection broke. */
export interface StoredUpload {
  readonly receivedBytes: number;
  append(chunk: Uint8Array): Promise<void>;
  /** The digest of what was received. */
  digest(): string;
  keep(): Promise<void>;
  drop(): Promise<void>;
}

const sha256 = () => {
  const hash = createHash('sha256');
  return { update: hash.update.bind(hash), digest: () => `sha256:${hash.copy().digest('hex')}` };
};

export function memoryBlobStore(): BlobStore {
  const blobs = new Map<string, Uint8Array>();
  return {
    sizeOf: digest => Promise.resolve(blobs.get(digest)?.byteLength),
    read: (digest, start) => Readable.from([(blobs.get(digest) ?? Buffer.alloc(0)).subarray(start)]),
    put: (digest, bytes) => {
      blobs.set(digest, bytes);
      return Promise.resolve();
    },
    startUpload: () => {
      const chunks: Uint8Array[] = [];
      const hash = sha256();
      let receivedBytes = 0;
      return Promise.resolve({
        get receivedBytes() {
          return receivedBytes;
        },
        append: chunk => {
          chunks.push(chunk);
          hash.update(chunk);
          receivedBytes += chunk.byteLength;
          return Promise.resolve();
        },
        digest: hash.digest,
        keep: () => {
          blobs.set(hash.digest(), Buffer.concat(chunks));
          return Promise.resolve();
        },
        drop: () => Promise.resolve(),
      });
    },
  };
}

/** Survives a restart, and never holds a blob in memory. */
export async function folderBlobStore(folder: string): Promise<BlobStore> {
  const fileOf = (digest: string) => join(folder, 'blobs', digest.replace(':', '-'));
  const uploads = join(folder, 'uploads');
  await mkdir(join(folder, 'blobs'), { recursive: true });
  // Uploads do not survive: their digests were in memory.
  await rm(uploads, { recursive: true, force: true });
  await mkdir(uploads);
  return {
    sizeOf: async digest => (await stat(fileOf(digest)).catch(() => undefined))?.size,
    read: (digest, start) => createReadStream(fileOf(digest), { start, highWaterMark: 1024 * 1024 }),
    put: async (digest, bytes) => {
      const file = join(uploads, randomUUID());
      await writeFile(file, bytes);
      await rename(file, fileOf(digest));
    },
    startUpload: () => fileUpload(join(uploads, randomUUID()), fileOf),
  };
}

async function fileUpload(file: string, fileOf: (digest: string) => string): Promise<StoredUpload> {
  const handle = await open(file, 'wx');
  const hash = sha256();
  let receivedBytes = 0;
  return {
    get receivedBytes() {
      return receivedBytes;
    },
    append: async chunk => {
      await handle.write(chunk);
      hash.update(chunk);
      receivedBytes += chunk.byteLength;
    },
    digest: hash.digest,
    keep: async () => {
      await handle.close();
      await rename(file, fileOf(hash.digest()));
    },
    drop: async () => {
      await handle.close();
      await rm(file, { force: true });
    },
  };
}
