import { ApiBlueprint, createFrontendPlugin } from '@backstage/frontend-plugin-api';
import { clockApiRef } from './api/clock-api';
import { entityModelCard, entityModelContent, fleetPage, modelpierApi } from './extensions';
import { fleetRouteRef, modelRouteRef, viewModelRouteRef } from './routes';

const clock = ApiBlueprint.make({
  name: 'clock',
  params: defineParams =>
    defineParams({ api: clockApiRef, deps: {}, factory: () => ({ now: () => new Date() }) }),
});

/** Modelpier for the new frontend system. */
export const modelpierPlugin = createFrontendPlugin({
  pluginId: 'modelpier',
  title: 'Modelpier',
  info: { packageJson: () => import('../package.json') },
  routes: { root: fleetRouteRef, model: modelRouteRef },
  externalRoutes: { viewModel: viewModelRouteRef },
  extensions: [modelpierApi, clock, entityModelContent, entityModelCard, fleetPage],
});
