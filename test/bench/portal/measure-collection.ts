import createKnex from 'knex';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createClusterObjects } from '../../fleet/cluster-objects';
import { clusterName, planFleet } from '../../fleet/fleet-plan';
import { generateFleet } from '../../fleet/generate-fleet';
import type { Figure } from '../figure';
import type { Cycle } from './collect-process';
import { startListServer } from './list-server';
import { measureRegistryCycle } from './registry-cycle';

export interface CollectionOptions {
  readonly folder: string;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
}

/** Half of these models run in the cluster that is measured. */
const SIZE = { models: 600, versions: 6_000, clusters: 2, pods: 200 };
const PODS = 5_000;
const CYCLE_LIMIT = 10;
const HEAP_LIMIT = 150e6;

/** What a cycle of collecting takes: time and memory of a cluster, requests to a registry. */
export async function measureCollection(options: CollectionOptions): Promise<readonly Figure[]> {
  options.tell('collecting a cluster');
  const [first, second] = await collectCluster(options);
  options.tell('collecting a registry');
  const registry = await measureRegistryCycle(options.signal);
  const figure = (
    name: string,
    limit: number,
    unit: 'seconds' | 'bytes' | 'count',
    value: number,
  ): Figure => ({
    kind: 'value',
    name,
    limit,
    ours: { unit, values: [value] },
  });
  return [
    figure(`cluster of ${PODS} pods, first cycle`, CYCLE_LIMIT, 'seconds', first.seconds),
    figure(`cluster of ${PODS} pods, next cycle`, CYCLE_LIMIT, 'seconds', second.seconds),
    figure(`cluster of ${PODS} pods, heap`, HEAP_LIMIT, 'bytes', Math.max(first.heapBytes, second.heapBytes)),
    figure('registry with nothing new, requests', registry.limit, 'count', registry.requests),
  ];
}

async function collectCluster({ folder, seed, signal }: CollectionOptions): Promise<readonly [Cycle, Cycle]> {
  const file = join(folder, 'cluster-cycle.sqlite');
  const knex = createKnex({ client: 'better-sqlite3', connection: file, useNullAsDefault: true });
  await generateFleet(knex, { size: SIZE, seed, now: Date.now(), tell: () => undefined });
  await knex.destroy();
  const index = 1;
  const models = planFleet(SIZE, seed).filter(({ clusters }) => clusters.includes(index));
  const server = await startListServer(createClusterObjects({ index, models, pods: PODS, seed }));
  try {
    const child = fork(
      join(import.meta.dirname, 'collect-process.ts'),
      [file, server.url, clusterName(index)],
      {
        execArgv: ['--expose-gc', '--import', 'tsx'],
        signal,
      },
    );
    const [cycles] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [unknown];
    if (!Array.isArray(cycles)) throw new Error(`the collection ended with ${String(cycles)}`);
    return cycles as unknown as readonly [Cycle, Cycle];
  } finally {
    await server.close();
  }
}
