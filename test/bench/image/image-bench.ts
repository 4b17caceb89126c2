import { run } from '../../tools/command';
import type { SuiteOptions } from '../suite';
import type { BenchRegistry } from './registry';
import { type Release, release } from './release';

/** What every measurement of the suite works with. */
export interface ImageBench extends Omit<SuiteOptions, 'registry' | 'sizeBytes'> {
  readonly sizeBytes: number;
  readonly registry: BenchRegistry;
  /** `repository:tag` of the runtime image, in a repository of its own. */
  readonly base: string;
  /** Folder of the action's bundle. */
  readonly bundle: string;
}

/** Peak memory that a model of any size may take. */
export const MAX_MEMORY_BYTES = 200e6;

/** The same registry for every run; what the one before left to be written would slow the next one down. */
export async function clear({ registry, signal }: ImageBench): Promise<void> {
  await registry.forget();
  await run({ program: 'sync', args: [], signal });
}

/** Releases a workspace into a repository; by another host where the traffic is counted. */
export function releaseTo(
  bench: ImageBench,
  {
    workspace,
    repository,
    host = bench.registry.host,
  }: { workspace: string; repository: string; host?: string },
): Promise<Release> {
  const { base, bundle, folder, signal } = bench;
  const [image, baseImage] = [`${host}/${repository}`, `${host}/${base}`];
  return release({ workspace, image, baseImage, bundle, folder, signal });
}
