import type { LoggerService, SchedulerService } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import type { PortalConfig } from '../config/portal-config';
import { taskId } from '../domain/task-id';
import { type SourceKey, sourceId } from '../store/source-store';
import { collectCluster } from './collect-cluster';
import { collectRegistry } from './collect-registry';
import { type Collected, recordCollection } from './collection';
import { openCluster, openRegistry } from './open-sources';
import type { ModelSync } from './sync-models';

export interface CollectorContext {
  readonly knex: Knex;
  readonly config: PortalConfig;
  readonly models: ModelSync;
  readonly scheduler: SchedulerService;
  readonly logger: LoggerService;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

type Collect = (signal: AbortSignal) => Promise<Collected>;

/** One task per source, so that none waits for another; answers what to end at shutdown. */
export async function scheduleCollectors(context: CollectorContext): Promise<{ close(): Promise<void> }> {
  const { knex, config, now } = context;
  const open = config.registries.map(registry => ({ registry, reader: openRegistry(registry) }));
  for (const { registry, reader } of open) {
    const { host } = registry;
    await schedule(context, { kind: 'registry', name: host }, signal =>
      collectRegistry({ knex, reader, host, now: now(), signal }),
    );
  }
  for (const cluster of config.clusters) {
    const { name, namespaces = [] } = cluster;
    await schedule(context, { kind: 'cluster', name }, async signal => {
      const reader = await openCluster(cluster);
      try {
        return await collectCluster({ knex, reader, name, namespaces, now: now(), signal });
      } finally {
        reader.close();
      }
    });
  }
  return {
    close: async () => {
      await Promise.all(open.map(({ reader }) => reader.close()));
    },
  };
}

async function schedule(context: CollectorContext, source: SourceKey, collect: Collect): Promise<void> {
  const { knex, config, models, scheduler, logger, now } = context;
  await scheduler.scheduleTask({
    ...config.schedule,
    id: taskId(source),
    scope: 'global',
    fn: async signal => {
      await models.sync().catch((error: unknown) => {
        logger.warn(`Models could not be read from the catalog: ${String(error)}`);
      });
      const { state, message } = await recordCollection(knex, source, {
        collect: () => collect(signal),
        now,
      });
      const told = `Read ${sourceId(source)}: ${state}${message === null ? '' : `, ${message}`}`;
      if (state === 'ok') logger.debug(told);
      else logger.warn(told);
    },
  });
}
