import {
  createApiFactory,
  createComponentExtension,
  createPlugin,
  createRoutableExtension,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/core-plugin-api';
import { createModelpierClient } from './api/client';
import { clockApiRef } from './api/clock-api';
import { modelpierApiRef } from './api/modelpier-api';
import { fleetRouteRef, modelRouteRef, viewModelRouteRef } from './routes';

/** Modelpier for apps on `@backstage/core-plugin-api`. */
export const modelpierPlugin = createPlugin({
  id: 'modelpier',
  routes: { root: fleetRouteRef, model: modelRouteRef },
  externalRoutes: { viewModel: viewModelRouteRef },
  apis: [
    createApiFactory({
      api: modelpierApiRef,
      deps: { discovery: discoveryApiRef, fetch: fetchApiRef },
      factory: ports => createModelpierClient(ports),
    }),
    createApiFactory({ api: clockApiRef, deps: {}, factory: () => ({ now: () => new Date() }) }),
  ],
});

/** `<EntityLayout.Route path="/model" title="Model" if={isModelAvailable}>` holds it. */
export const EntityModelContent = modelpierPlugin.provide(
  createRoutableExtension({
    name: 'EntityModelContent',
    component: () => import('./components/EntityModelContent').then(m => m.EntityModelContent),
    mountPoint: modelRouteRef,
  }),
);

/** A card for the entity's overview. */
export const EntityModelCard = modelpierPlugin.provide(
  createComponentExtension({
    name: 'EntityModelCard',
    component: { lazy: () => import('./components/EntityModelCard').then(m => m.EntityModelCard) },
  }),
);

/** `<Route path="/models" element={<FleetPage />} />` holds it. */
export const FleetPage = modelpierPlugin.provide(
  createRoutableExtension({
    name: 'FleetPage',
    component: () => import('./components/fleet/FleetPage').then(m => m.FleetPage),
    mountPoint: fleetRouteRef,
  }),
);

export { isModelAvailable } from './is-model-available';
export { modelpierApiRef } from './api/modelpier-api';
