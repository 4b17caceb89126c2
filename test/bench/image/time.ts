import { join } from 'node:path';
import { formatBytes } from '@modelpier/backstage-plugin-modelpier-common';
import type { Figure } from '../figure';
import { compare, secondsOf } from './compare';
import { clear, type ImageBench, MAX_MEMORY_BYTES, releaseTo } from './image-bench';
import { findBuildah, findCraneAppend, findCurl, isFound } from './peers';
import type { Release } from './release';
import { createWorkspace } from './workspace';

/** A first push, and the same once more, beside each peer in every round. */
export async function measureTime(bench: ImageBench): Promise<readonly Figure[]> {
  const { registry, folder, sizeBytes, runs, tell } = bench;
  const workspace = await createWorkspace(join(folder, 'single'), { sizeBytes });
  const [curl, crane, buildah] = [
    await findCurl(bench),
    await findCraneAppend(bench),
    await findBuildah(bench),
  ];
  const first: Release[] = [];
  const again: Release[] = [];
  const seconds = {
    curl: [] as number[],
    crane: [] as number[],
    craneAgain: [] as number[],
    buildah: [] as number[],
  };
  const job = () => ({ workspace, registry: registry.host, repository: registry.fresh(), base: bench.base });
  for (let round = 1; round <= runs; round++) {
    tell(`round ${round} of ${runs}: ${[curl, crane, buildah].map(({ name }) => name).join(', ')} and us`);
    await clear(bench);
    if (isFound(curl)) seconds.curl.push(await curl.push(job()));
    await clear(bench);
    const repository = registry.fresh();
    first.push(await releaseTo(bench, { workspace, repository }));
    again.push(await releaseTo(bench, { workspace, repository }));
    await clear(bench);
    if (isFound(crane)) {
      const pushed = job();
      seconds.crane.push(await crane.push(pushed));
      seconds.craneAgain.push(await crane.again(pushed));
    }
    await clear(bench);
    if (isFound(buildah)) seconds.buildah.push(await buildah.push(job()));
  }
  await registry.forget();
  const ours = { first: secondsOf(first), again: secondsOf(again) };
  const size = formatBytes(sizeBytes);
  return [
    compare(`first push of ${size}`, { limit: 1.25, ours: ours.first, peer: curl, values: seconds.curl }),
    compare(`first push of ${size}`, { limit: 0.6, ours: ours.first, peer: crane, values: seconds.crane }),
    compare(`first push of ${size}`, {
      limit: 0.2,
      ours: ours.first,
      peer: buildah,
      values: seconds.buildah,
    }),
    compare('again, nothing changed', {
      limit: 0.7,
      ours: ours.again,
      peer: crane,
      values: seconds.craneAgain,
    }),
    {
      kind: 'value',
      name: `peak memory, first push of ${size}`,
      limit: MAX_MEMORY_BYTES,
      ours: { unit: 'bytes', values: first.map(({ peakMemoryBytes }) => peakMemoryBytes) },
    },
  ];
}
