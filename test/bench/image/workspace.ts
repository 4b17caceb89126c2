import { randomFillSync } from 'node:crypto';
import { mkdir, open, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const MODEL = `apiVersion: modelpier.io/v1
kind: Model
metadata:
  name: bench
spec:
  format: safetensors
  files: [model]
`;
export const SHARDS = 16;
/** From here on a file is a layer of its own. */
const MIN_SHARD_BYTES = 64 * 1024 ** 2;
const CHUNK_BYTES = 1024 * 1024;

/** A workspace with a model in one file, or in numbered shards of one size. */
export async function createWorkspace(
  folder: string,
  { shards = 1, sizeBytes }: { readonly shards?: number; readonly sizeBytes: number },
): Promise<string> {
  await mkdir(join(folder, 'model'), { recursive: true });
  await writeFile(join(folder, 'model.yaml'), MODEL);
  for (let shard = 1; shard <= shards; shard++) {
    await fillWithNoise(shardPath(folder, shard, shards), sizeBytes / shards);
  }
  return folder;
}

/** A model in sixteen files, each a layer of its own. */
export async function createShards(
  folder: string,
  modelBytes: number,
): Promise<{ readonly workspace: string; readonly shardBytes: number }> {
  const shardBytes = Math.max(modelBytes / SHARDS, MIN_SHARD_BYTES);
  return {
    workspace: await createWorkspace(folder, { shards: SHARDS, sizeBytes: SHARDS * shardBytes }),
    shardBytes,
  };
}

/** Where a shard lies, by the naming of Hugging Face. */
export function shardPath(folder: string, shard: number, shards: number): string {
  const number = (value: number): string => String(value).padStart(5, '0');
  const name = shards === 1 ? 'model' : `model-${number(shard)}-of-${number(shards)}`;
  return join(folder, 'model', `${name}.safetensors`);
}

/** Bytes that no compressor shortens, as weights are. */
export async function fillWithNoise(path: string, sizeBytes: number): Promise<void> {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  const file = await open(path, 'w');
  for (let at = 0; at < sizeBytes; at += chunk.length) {
    await file.write(randomFillSync(chunk), 0, Math.min(chunk.length, sizeBytes - at));
  }
  await file.close();
}

/** A file of any size that takes no disk: noise, then a hole. */
export async function createSparse(path: string, sizeBytes: number): Promise<void> {
  await rm(path, { force: true });
  await fillWithNoise(path, Math.min(CHUNK_BYTES, sizeBytes));
  await truncate(path, sizeBytes);
}
