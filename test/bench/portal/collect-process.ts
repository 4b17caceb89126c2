/* Started by `measure-collection.ts` in a process of its own: its heap is what is measured. */
import createKnex from 'knex';
import { collectCluster } from '../../../plugins/modelpier-backend/src/collect/collect-cluster';
import { recordCollection } from '../../../plugins/modelpier-backend/src/collect/collection';
import { openCluster } from '../../../plugins/modelpier-backend/src/collect/open-sources';

export interface Cycle {
  readonly seconds: number;
  /** The most that was in use at once beyond what was before. */
  readonly heapBytes: number;
}

const SAMPLE_EVERY_MS = 20;

/** Collects one cluster into a database that has its models: the first time, and again. */
async function collect(file: string, url: string, name: string): Promise<readonly Cycle[]> {
  const knex = createKnex({ client: 'better-sqlite3', connection: file, useNullAsDefault: true });
  const cycles: Cycle[] = [];
  for (let cycle = 0; cycle < 2; cycle += 1) cycles.push(await measure(() => collectOnce(url, name)));
  await knex.destroy();
  return cycles;

  async function collectOnce(clusterUrl: string, cluster: string): Promise<void> {
    const reader = await openCluster({ name: cluster, url: clusterUrl });
    const now = Date.now();
    const { state, message } = await recordCollection(
      knex,
      { kind: 'cluster', name: cluster },
      {
        now: () => Date.now(),
        collect: turn => collectCluster({ knex, reader, name: cluster, namespaces: [], turn, now }),
      },
    );
    reader.close();
    if (state !== 'ok') throw new Error(`${cluster}: ${state}, ${message ?? ''}`);
  }
}

async function measure(act: () => Promise<void>): Promise<Cycle> {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  let most = before;
  const sampling = setInterval(() => {
    most = Math.max(most, process.memoryUsage().heapUsed);
  }, SAMPLE_EVERY_MS);
  const begun = performance.now();
  await act();
  const seconds = (performance.now() - begun) / 1000;
  clearInterval(sampling);
  return { seconds, heapBytes: Math.max(most, process.memoryUsage().heapUsed) - before };
}

const [file = '', url = '', name = ''] = process.argv.slice(2);
void collect(file, url, name).then(
  cycles => process.send?.(cycles),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
