import { anonymous, createRegistry } from '@modelpier/backstage-plugin-modelpier-node';
import createKnex from 'knex';
import { collectRegistry } from '../../../plugins/modelpier-backend/src/collect/collect-registry';
import { recordCollection } from '../../../plugins/modelpier-backend/src/collect/collection';
import { migrate } from '../../../plugins/modelpier-backend/src/database/migrate';
import { readModelEntity } from '../../../plugins/modelpier-backend/src/domain/model-entity';
import { writeModels } from '../../../plugins/modelpier-backend/src/store/model-store';
import { reconcileSources } from '../../../plugins/modelpier-backend/src/store/source-store';
import { modelEntity } from '../../portal/portal';
import { layerBytes, pushSample } from '../../portal/release';
import { type RegistryServer, startRegistry } from '../../servers/registry/server';

const MODELS = 40;
const VERSIONS = 5;
/** `latest` and `main`. */
const MOVING_TAGS = 2;

/** How many requests a second cycle sends to a registry where nothing is new, and how many it may. */
export async function measureRegistryCycle(
  signal: AbortSignal,
): Promise<{ readonly requests: number; readonly limit: number }> {
  const server = await startRegistry();
  const knex = createKnex({ client: 'better-sqlite3', connection: ':memory:', useNullAsDefault: true });
  const reader = createRegistry({ credentials: anonymous });
  try {
    await pushModels(server, reader);
    await migrate(knex);
    const source = { kind: 'registry', name: server.host } as const;
    await reconcileSources(knex, [source]);
    const entities = Array.from({ length: MODELS }, (_, at) =>
      readModelEntity(modelEntity(`model-${at}`, `${server.host}/acme/model-${at}`), new Set([server.host])),
    );
    await writeModels(knex, entities, Date.now());
    const collect = async () => {
      const now = Date.now();
      const { state, message } = await recordCollection(knex, source, {
        now: () => now,
        collect: turn => collectRegistry({ knex, reader, host: server.host, turn, now, signal }),
      });
      if (state !== 'ok' || message !== null) throw new Error(`${state}: ${message ?? ''}`);
    };
    await collect();
    const before = server.requests.length;
    await collect();
    return { requests: server.requests.length - before, limit: MODELS * (1 + MOVING_TAGS) };
  } finally {
    await reader.close();
    await knex.destroy();
    await server.close();
  }
}

async function pushModels(
  server: RegistryServer,
  registry: ReturnType<typeof createRegistry>,
): Promise<void> {
  for (let model = 0; model < MODELS; model += 1) {
    const repository = { registry: server.host, path: `acme/model-${model}` };
    for (let version = 0; version < VERSIONS; version += 1) {
      const layers = [{ bytes: layerBytes('base', 100) }, { bytes: layerBytes(`${model}/${version}`, 100) }];
      const isLast = version === VERSIONS - 1;
      for (const tag of [`1.0.${version}`, ...(isLast ? ['latest', 'main'] : [])]) {
        await pushSample(registry, repository, { layers }, tag);
      }
    }
  }
}
