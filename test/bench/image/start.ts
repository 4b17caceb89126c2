import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Figure } from '../figure';
import type { ImageBench } from './image-bench';
import { startSeconds } from './release';

const MAX_START_SECONDS = 0.5;
const MAX_BUNDLE_BYTES = 8e6;

/** The bundle alone: how long it takes to start, and how large it is with every part that is loaded late. */
export async function measureStart(bench: ImageBench): Promise<readonly Figure[]> {
  const values: number[] = [];
  for (let round = 0; round < bench.runs; round++) values.push(await startSeconds(bench));
  const scripts = (await readdir(bench.bundle)).filter(name => name.endsWith('.js'));
  const sizes = await Promise.all(scripts.map(async name => (await stat(join(bench.bundle, name))).size));
  return [
    {
      kind: 'value',
      name: 'dist/index.js starts in',
      limit: MAX_START_SECONDS,
      ours: { unit: 'seconds', values },
    },
    {
      kind: 'value',
      name: 'size of the scripts in dist/',
      limit: MAX_BUNDLE_BYTES,
      ours: { unit: 'bytes', values: [sizes.reduce((sum, size) => sum + size, 0)] },
    },
  ];
}
