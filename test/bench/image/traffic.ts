import { join } from 'node:path';
import { formatBytes } from '@modelpier/backstage-plugin-modelpier-common';
import type { Figure, Unit } from '../figure';
import { startCountingProxy, type Traffic } from './counting-proxy';
import { type ImageBench, releaseTo } from './image-bench';
import { createShards, fillWithNoise, shardPath, SHARDS } from './workspace';

/** Config, headers and padding beside a changed file. */
const FRAMING = 1.01;
const MAX_REQUESTS = 12;

/** What crosses the line when nothing, and when one of sixteen files, has changed; counted once, for it does not vary. */
export async function measureTraffic(bench: ImageBench): Promise<readonly Figure[]> {
  const { registry, folder, tell } = bench;
  const { workspace: sharded, shardBytes } = await createShards(join(folder, 'sharded'), bench.sizeBytes);
  const proxy = await startCountingProxy(registry.host);
  try {
    tell(`counting requests and bytes, with one file and with ${SHARDS} of ${formatBytes(shardBytes)}`);
    const push = async (workspace: string, repository: string): Promise<Traffic> => {
      await releaseTo(bench, { workspace, repository, host: proxy.host });
      return proxy.take();
    };
    const [one, many] = [registry.fresh(), registry.fresh()];
    const single = join(folder, 'single');
    await push(single, one);
    const unchanged = await push(single, one);

    await push(sharded, many);
    const unchangedShards = await push(sharded, many);
    await fillWithNoise(shardPath(sharded, 7, SHARDS), shardBytes);
    const changed = await push(sharded, many);
    return [
      counted('blob bytes sent, nothing changed', 'bytes', { value: unchanged.blobBytes, limit: 0 }),
      counted('requests, nothing changed', 'count', {
        value: unchanged.requests.length,
        limit: MAX_REQUESTS,
      }),
      counted(`requests, ${SHARDS} files, nothing changed`, 'count', {
        value: unchangedShards.requests.length,
        limit: MAX_REQUESTS,
      }),
      counted(`blob bytes sent, 1 of ${SHARDS} files changed`, 'bytes', {
        value: changed.blobBytes,
        limit: shardBytes * FRAMING,
      }),
    ];
  } finally {
    await proxy.close();
    await registry.forget();
  }
}

const counted = (name: string, unit: Unit, { value, limit }: { value: number; limit: number }): Figure => ({
  kind: 'value',
  name,
  limit,
  ours: { unit, values: [value] },
});
