import { createExternalRouteRef, createRouteRef } from '@backstage/core-plugin-api';

/** The Model tab of an entity's page; good for the new frontend system and the old one. */
export const modelRouteRef = createRouteRef({ id: 'modelpier' });

/** The page of all models. */
export const fleetRouteRef = createRouteRef({ id: 'modelpier:fleet' });

/** Of the Model tab, below an entity's page. */
export const MODEL_PATH = '/model';

/** Where the card leads: the Model tab, if the portal has it. */
export const viewModelRouteRef = createExternalRouteRef({
  id: 'modelpier:view-model',
  optional: true,
  defaultTarget: 'modelpier.model',
});
