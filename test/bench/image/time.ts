import { join } from 'node:path';
import { formatBytes } from '@modelpier/backstage-plugin-modelpier-common';
import { run } from '../command';
import type { Figure, Sample } from '../figure';
import { type ImageBench, MAX_MEMORY_BYTES, releaseTo } from './image-bench';
import { findBuildah, findCraneAppend, findCurl, type Found, isFound, type Peer } from './peers';
import type { Release } from './release';
import { createWorkspace } from './workspace';

/** A first push, and the same once more, beside each peer in every round. */
export async function measureTime(bench: ImageBench): Promise<readonly Figure[]> {
  const { registry, folder, sizeBytes, runs, signal, tell } = bench;
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
  /** What a run before left to be written would slow the next one down. */
  const clear = async (): Promise<void> => {
    await registry.forget();
    await run({ program: 'sync', args: [], signal });
  };
  for (let round = 1; round <= runs; round++) {
    tell(`round ${round} of ${runs}: ${[curl, crane, buildah].map(({ name }) => name).join(', ')} and us`);
    await clear();
    if (isFound(curl)) seconds.curl.push(await curl.push(job()));
    await clear();
    const repository = registry.fresh();
    first.push(await releaseTo(bench, { workspace, repository }));
    again.push(await releaseTo(bench, { workspace, repository }));
    await clear();
    if (isFound(crane)) {
      const pushed = job();
      seconds.crane.push(await crane.push(pushed));
      seconds.craneAgain.push(await crane.again(pushed));
    }
    await clear();
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

const secondsOf = (releases: readonly Release[]): Sample => ({
  unit: 'seconds',
  values: releases.map(({ seconds }) => seconds),
});

interface Comparison {
  readonly limit: number;
  readonly ours: Sample;
  readonly peer: Found<Peer>;
  readonly values: readonly number[];
}

function compare(name: string, { limit, ours, peer, values }: Comparison): Figure {
  return isFound(peer)
    ? { kind: 'ratio', name, limit, ours, peer: { name: peer.name, sample: { unit: 'seconds', values } } }
    : { kind: 'missing', name: `${name}, beside ${peer.name}`, limit, reason: peer.missing };
}
