/* Started by `backend-process.ts` in a process of its own. */
import { createBackend } from '@backstage/backend-defaults';
import { createServiceFactory } from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import type { BackendSetup } from './backend-process';

async function start({ config, entities }: BackendSetup): Promise<void> {
  const backend = createBackend();
  backend.add(mockServices.rootConfig.factory({ data: config }));
  backend.add(
    createServiceFactory({
      service: catalogServiceRef,
      deps: {},
      factory: () => catalogServiceMock({ entities: [...entities] }),
    }),
  );
  backend.add(import('../../plugins/modelpier-backend/src'));
  await backend.start();
  process.send?.('started');
}

void start(JSON.parse(process.env['BACKEND_SETUP'] ?? '{}') as BackendSetup).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
