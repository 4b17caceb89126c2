import { join } from 'node:path';
import { run } from '../../tools/command';
import { pushRuntime } from '../image/base';
import type { ImageBench } from '../image/image-bench';
import { measureHuge } from '../image/huge';
import { startOwnRegistry, useRegistry } from '../image/registry';
import { measureShards } from '../image/shards';
import { measureStart } from '../image/start';
import { measureTime } from '../image/time';
import { measureTraffic } from '../image/traffic';
import type { Suite } from '../suite';

const DEFAULT_SIZE_BYTES = 1024 ** 3;
const BUNDLER = join(import.meta.dirname, '../../../action/scripts/bundle.ts');

export const suite: Suite = {
  summary: 'a model into a registry: time, bytes, requests and memory, beside curl, crane and buildah',
  run: async options => {
    const { folder, registry: host, signal, tell } = options;
    const registry =
      host === undefined
        ? await startOwnRegistry({ folder: join(folder, 'registry'), signal })
        : useRegistry(host, signal);
    try {
      tell(`registry on ${registry.host}; bundling the action`);
      const bundle = join(folder, 'dist');
      await run({ program: 'tsx', args: [BUNDLER, bundle], signal });
      const base = registry.fresh();
      await pushRuntime(registry.host, { path: base, folder, signal });
      await registry.keep();
      const { sizeBytes = DEFAULT_SIZE_BYTES } = options;
      const bench: ImageBench = { ...options, sizeBytes, bundle, registry, base: `${base}:v1` };
      return [
        ...(await measureTime(bench)),
        ...(await measureShards(bench)),
        ...(await measureTraffic(bench)),
        ...(await measureHuge(bench)),
        ...(await measureStart(bench)),
      ];
    } finally {
      await registry.stop();
    }
  },
};
