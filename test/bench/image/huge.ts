import { join } from 'node:path';
import { formatBytes } from '@modelpier/backstage-plugin-modelpier-common';
import type { Figure } from '../figure';
import { type ImageBench, MAX_MEMORY_BYTES, releaseTo } from './image-bench';
import { createSparse, createWorkspace, shardPath } from './workspace';

const FACTOR = 8;
/** Outputs, summary and report of a run; no part of a model fits into it. */
const MAX_DISK_BYTES = 100e3;

/** Eight times the model, most of it a hole on the disk: memory and disk that do not grow with it. Once: it is long. */
export async function measureHuge(bench: ImageBench): Promise<readonly Figure[]> {
  const { registry, folder, sizeBytes, tell } = bench;
  const hugeBytes = FACTOR * sizeBytes;
  const size = formatBytes(hugeBytes);
  tell(`pushing ${size}`);
  const workspace = await createWorkspace(join(folder, 'huge'), { sizeBytes: 1 });
  await createSparse(shardPath(workspace, 1, 1), hugeBytes);
  const { peakMemoryBytes, diskBytes } = await releaseTo(bench, { workspace, repository: registry.fresh() });
  await registry.forget();
  return [
    {
      kind: 'value',
      name: `peak memory, first push of ${size}`,
      limit: MAX_MEMORY_BYTES,
      ours: { unit: 'bytes', values: [peakMemoryBytes] },
    },
    {
      kind: 'value',
      name: `written to disk, first push of ${size}`,
      limit: MAX_DISK_BYTES,
      ours: { unit: 'bytes', values: [diskBytes] },
    },
  ];
}
