import { ApiBlueprint, discoveryApiRef, fetchApiRef, PageBlueprint } from '@backstage/frontend-plugin-api';
import { EntityCardBlueprint, EntityContentBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { IMAGE_ANNOTATION } from '@modelpier/backstage-plugin-modelpier-common';
import { RiStackLine } from '@remixicon/react';
import { createModelpierClient } from './api/client';
import { modelpierApiRef } from './api/modelpier-api';
import { fleetRouteRef, MODEL_PATH, modelRouteRef } from './routes';

/** A predicate and no function, so that administrators can replace it in configuration. */
const hasImages = { [`metadata.annotations.${IMAGE_ANNOTATION}`]: { $exists: true } };

export const modelpierApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: modelpierApiRef,
      deps: { discovery: discoveryApiRef, fetch: fetchApiRef },
      factory: ports => createModelpierClient(ports),
    }),
});

export const entityModelContent = EntityContentBlueprint.make({
  name: 'model',
  params: {
    path: MODEL_PATH,
    title: 'Model',
    group: 'deployment',
    routeRef: modelRouteRef,
    filter: hasImages,
    loader: () => import('./components/EntityModelContent').then(m => <m.EntityModelContent />),
  },
});

export const entityModelCard = EntityCardBlueprint.make({
  name: 'overview',
  params: {
    type: 'content',
    filter: hasImages,
    loader: () => import('./components/EntityModelCard').then(m => <m.EntityModelCard />),
  },
});

export const fleetPage = PageBlueprint.make({
  params: {
    path: '/models',
    title: 'Models',
    icon: <RiStackLine />,
    routeRef: fleetRouteRef,
    loader: () => import('./components/fleet/FleetContent').then(m => <m.FleetContent />),
  },
});
