import { join } from 'node:path';
import { formatBytes } from '@modelpier/backstage-plugin-modelpier-common';
import type { Figure } from '../figure';
import { compare, secondsOf } from './compare';
import { clear, type ImageBench, releaseTo } from './image-bench';
import { findCraneAppend, isFound } from './peers';
import type { Release } from './release';
import { createShards, SHARDS } from './workspace';

/** A first push of a model in sixteen files, as large models come: layers that go side by side. */
export async function measureShards(bench: ImageBench): Promise<readonly Figure[]> {
  const { registry, folder, runs, base, tell } = bench;
  const { workspace, shardBytes } = await createShards(join(folder, 'sharded'), bench.sizeBytes);
  const crane = await findCraneAppend(bench);
  const ours: Release[] = [];
  const values: number[] = [];
  for (let round = 1; round <= runs; round++) {
    tell(`round ${round} of ${runs} with ${SHARDS} files: ${crane.name} and us`);
    await clear(bench);
    ours.push(await releaseTo(bench, { workspace, repository: registry.fresh() }));
    await clear(bench);
    const job = { workspace, registry: registry.host, repository: registry.fresh(), base };
    if (isFound(crane)) values.push(await crane.push(job));
  }
  await registry.forget();
  const name = `first push of ${SHARDS} files of ${formatBytes(shardBytes)}`;
  return [compare(name, { limit: 0.6, ours: secondsOf(ours), peer: crane, values })];
}
