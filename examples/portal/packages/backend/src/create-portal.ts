import { createBackend } from '@backstage/backend-defaults';

/** Everything but the policy of who may do what. */
export function createPortal(): ReturnType<typeof createBackend> {
  const backend = createBackend();
  backend.add(import('@backstage/plugin-app-backend'));
  backend.add(import('@backstage/plugin-auth-backend'));
  backend.add(import('@backstage/plugin-auth-backend-module-guest-provider'));
  backend.add(import('@backstage/plugin-catalog-backend'));
  backend.add(import('@backstage/plugin-permission-backend'));
  backend.add(import('@modelpier/backstage-plugin-modelpier-backend'));
  return backend;
}
