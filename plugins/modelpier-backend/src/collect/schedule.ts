import { isWithin } from '@modelpier/backstage-plugin-modelpier-common';
import type { LoggerService, SchedulerService } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import type { PortalConfig } from '../config/portal-config';
import { taskId } from '../domain/task-id';
import { readSources, type SourceKey, sourceId } from '../store/source-store';
import type { Turn } from '../store/turn-store';
import { collectCluster } from './collect-cluster';
import { collectRegistry } from './collect-registry';
import type { CollectionMetrics } from './collection-metrics';
import { type Collected, recordCollection } from './collection';
import { openCluster, openRegistry } from './open-sources';
import { startCollection } from './start-collection';
import type { ModelSync } from './sync-models';

export interface CollectorContext {
  readonly knex: Knex;
  readonly config: PortalConfig;
  readonly models: ModelSync;
  readonly scheduler: SchedulerService;
  readonly logger: LoggerService;
  readonly metrics: CollectionMetrics;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

type Collect = (turn: Turn, signal: AbortSignal) => Promise<Collected>;

/** One task per source, so that none waits for another; answers what to end at shutdown. */
export async function scheduleCollectors(context: CollectorContext): Promise<{ close(): Promise<void> }> {
  const { knex, config, now } = context;
  const open = config.registries.map(registry => ({ registry, reader: openRegistry(registry) }));
  for (const { registry, reader } of open) {
    const { host } = registry;
    await schedule(context, { kind: 'registry', name: host }, (turn, signal) =>
      collectRegistry({ knex, reader, host, turn, now: now(), signal }),
    );
  }
  for (const cluster of config.clusters) {
    const { name, namespaces = [] } = cluster;
    await schedule(context, { kind: 'cluster', name }, async (turn, signal) => {
      const reader = await openCluster(cluster);
      try {
        const rules = config.allocation;
        return await collectCluster({ knex, reader, name, namespaces, rules, turn, now: now(), signal });
      } finally {
        reader.close();
      }
    });
  }
  await catchUp(context);
  return {
    close: async () => {
      await Promise.all(open.map(({ reader }) => reader.close()));
    },
  };
}

/** An instance that started a moment ago has asked for a collection already. */
const ASKED_MS = 10_000;

/** After a restart the scheduler would wait for the turn it noted down before: rows may be old by then. */
async function catchUp({ knex, config, scheduler, now }: CollectorContext): Promise<void> {
  const { frequency } = config.schedule;
  // Who names the hour, or starts each collection, means it.
  if ('cron' in frequency || 'trigger' in frequency) return;
  for (const source of await readSources(knex)) {
    const { attempted_at: attemptedAt } = source;
    // Never collected: its first turn is about to come.
    if (attemptedAt === null || isWithin(Date.parse(attemptedAt), now(), ASKED_MS)) continue;
    await startCollection(scheduler, source);
  }
}

async function schedule(context: CollectorContext, source: SourceKey, collect: Collect): Promise<void> {
  const { knex, config, models, scheduler, logger, metrics, now } = context;
  await scheduler.scheduleTask({
    ...config.schedule,
    id: taskId(source),
    scope: 'global',
    fn: async signal => {
      await models.sync().catch((error: unknown) => {
        logger.warn(`Models could not be read from the catalog: ${String(error)}`);
      });
      const begun = now();
      const { state, message, example } = await recordCollection(knex, source, {
        collect: turn => collect(turn, signal),
        now,
      });
      metrics.ended(source, { state, durationMs: Math.max(0, now() - begun) });
      const such = example === undefined ? '' : `, such as ${example}`;
      const told = `Read ${sourceId(source)}: ${state}${message === null ? '' : `, ${message}${such}`}`;
      if (state === 'ok') logger.debug(told);
      else logger.warn(told);
    },
  });
}
