import { isWithin } from '@modelpier/backstage-plugin-modelpier-common';
import type { AuthService } from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { Knex } from 'knex';
import { writeModel, writeModels } from '../store/model-store';
import { type ModelEntity, readModelEntity } from '../domain/model-entity';
import { readMiscounted, recountRepository } from '../store/layer-count-store';
import { writeReuseTotals } from '../store/totals-store';
import { refreshFleet } from './refresh-fleet';

export interface ModelSync {
  /** Brings the models into the database unless that has just been done. */
  sync(): Promise<void>;
  /** Brings this one in at once where it is a model; answers whether it is. */
  learn(entity: Entity): Promise<boolean>;
}

interface ModelSyncOptions {
  readonly knex: Knex;
  readonly catalog: Pick<CatalogService, 'streamEntities'>;
  readonly auth: Pick<AuthService, 'getOwnServiceCredentials'>;
  readonly entityTypes: readonly string[];
  readonly registries: ReadonlySet<string>;
  readonly now: () => number;
}

/** All sources are collected at about the same time: one reading of the catalog serves them all. */
const FRESH_MS = 5_000;

/** What the collectors read of an entity; the rest can be large. */
const FIELDS = [
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.title',
  'metadata.annotations',
  'spec.owner',
  'relations',
];

export function createModelSync(options: ModelSyncOptions): ModelSync {
  const { knex, registries, entityTypes, now } = options;
  let running: Promise<void> | undefined;
  let syncedAt = -Infinity;
  const sync = async () => {
    const entities: ModelEntity[] = [];
    for await (const page of streamModels(options)) {
      entities.push(...page.map(entity => readModelEntity(entity, registries)));
    }
    await takeOver(knex, await writeModels(knex, entities, now()));
    syncedAt = now();
  };
  return {
    sync: async () => {
      if (isWithin(syncedAt, now(), FRESH_MS)) return;
      running ??= sync().finally(() => {
        running = undefined;
      });
      await running;
    },
    learn: async entity => {
      const isModel = entity.kind.toLowerCase() === 'component' && entityTypes.includes(typeOf(entity));
      if (isModel) await takeOver(knex, await writeModel(knex, readModelEntity(entity, registries)));
      return isModel;
    },
  };
}

/** Brings all that is computed of models up to date with them. */
async function takeOver(knex: Knex, changed: readonly number[]): Promise<void> {
  const repositories = await readMiscounted(knex);
  for (const id of repositories) await recountRepository(knex, id);
  if (repositories.length > 0) await writeReuseTotals(knex);
  await refreshFleet(knex, changed);
}

const typeOf = ({ spec }: Entity): string => (typeof spec?.type === 'string' ? spec.type : '');

async function* streamModels({ catalog, auth, entityTypes }: ModelSyncOptions) {
  const credentials = await auth.getOwnServiceCredentials();
  const filter = { kind: 'component', 'spec.type': [...entityTypes] };
  yield* catalog.streamEntities({ filter, fields: FIELDS }, { credentials });
}
