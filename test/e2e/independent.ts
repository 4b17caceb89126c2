import { kubectlJson } from './kubectl';
import { REGISTRY, REPOSITORY_PATH } from './real';
import { type RawManifest, readRawManifest } from './registry-reader';

/** Numbers computed here from plain answers of the registry and of kubectl, with none of the product's code. */

export async function rawVersions(): Promise<ReadonlyMap<string, RawManifest>> {
  const response = await fetch(`http://${REGISTRY}/v2/${REPOSITORY_PATH}/tags/list`);
  const { tags } = (await response.json()) as { readonly tags: readonly string[] };
  const versions = new Map<string, RawManifest>();
  for (const tag of tags) versions.set(tag, await readRawManifest(REPOSITORY_PATH, tag));
  return versions;
}

export const bytesOf = (layers: RawManifest['layers']): number =>
  layers.reduce((sum, { size }) => sum + size, 0);

/** S1 + ... + SN: each blob once, without those of the baseline. */
export function newBytes(versions: readonly RawManifest[], baseline: readonly RawManifest[] = []): number {
  const known = new Set(baseline.flatMap(({ layers }) => layers.map(({ digest }) => digest)));
  const distinct = new Map(
    versions.flatMap(({ layers }) => layers.map(layer => [layer.digest, layer.size] as const)),
  );
  return [...distinct].filter(([digest]) => !known.has(digest)).reduce((sum, [, size]) => sum + size, 0);
}

interface NodeJson {
  readonly status: { readonly allocatable: { readonly cpu: string; readonly memory: string } };
}
interface PodJson {
  readonly metadata: { readonly deletionTimestamp?: string };
  readonly spec: { readonly nodeName?: string; readonly containers: readonly unknown[] };
  readonly status: { readonly phase: string };
}

/** T in milli-CPU and bytes, and N, over the whole cluster. */
export async function clusterTotals(): Promise<{ milliCpu: number; bytes: number; containers: number }> {
  const nodes = (await kubectlJson<{ items: readonly NodeJson[] }>('get', 'nodes')).items;
  const pods = (await kubectlJson<{ items: readonly PodJson[] }>('get', 'pods', '-A')).items;
  const running = pods.filter(
    ({ metadata, spec, status }) =>
      metadata.deletionTimestamp === undefined &&
      spec.nodeName !== undefined &&
      (status.phase === 'Running' || status.phase === 'Pending'),
  );
  return {
    milliCpu: sum(nodes.map(({ status }) => milliCpu(status.allocatable.cpu))),
    bytes: sum(nodes.map(({ status }) => kibibytes(status.allocatable.memory))),
    containers: sum(running.map(({ spec }) => spec.containers.length)),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const milliCpu = (text: string): number =>
  text.endsWith('m') ? Number(text.slice(0, -1)) : Number(text) * 1000;
const kibibytes = (text: string): number => Number(/^(\d+)Ki$/.exec(text)?.[1]) * 1024;
