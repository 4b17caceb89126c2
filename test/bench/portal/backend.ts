/* Started by `portal-process.ts` in a process of its own. */
import { createBackend } from '@backstage/backend-defaults';
import { createServiceFactory } from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { fleetEntity } from '../../fleet/fleet-entity';
import { planFleet } from '../../fleet/fleet-plan';
import type { PortalSetup } from './portal-process';

/** The plugin in a real backend; only the catalog, whose speed is not ours, answers from memory. */
async function start({ config, size, seed }: PortalSetup): Promise<void> {
  const backend = createBackend();
  backend.add(mockServices.rootConfig.factory({ data: config }));
  backend.add(
    createServiceFactory({
      service: catalogServiceRef,
      deps: {},
      factory: () => memoryCatalog(planFleet(size, seed).map(fleetEntity)),
    }),
  );
  backend.add(import('../../../plugins/modelpier-backend/src'));
  await backend.start();
  process.send?.('started');
}

function memoryCatalog(entities: readonly Entity[]) {
  const byRef = new Map(entities.map(entity => [stringifyEntityRef(entity), entity]));
  const find = (ref: unknown) => byRef.get(String(ref).toLowerCase());
  return Object.assign(catalogServiceMock({ entities: [...entities] }), {
    getEntityByRef: (ref: unknown) => Promise.resolve(find(ref)),
    getEntitiesByRefs: ({ entityRefs }: { entityRefs: readonly string[] }) =>
      Promise.resolve({ items: entityRefs.map(find) }),
  });
}

void start(JSON.parse(process.env['PORTAL_SETUP'] ?? '{}') as PortalSetup).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
