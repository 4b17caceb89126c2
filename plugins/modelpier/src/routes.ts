import { createExternalRouteRef, createRouteRef } from '@backstage/core-plugin-api';

/** The Model tab of an entity's page; good for the new frontend system and the old one. */
export const modelRouteRef = createRouteRef({ id: 'modelpier' });

/** Where the card leads: the Model tab, if the portal has it. */
export const viewModelRouteRef = createExternalRouteRef({
  id: 'modelpier:view-model',
  optional: true,
  defaultTarget: 'modelpier.model',
});
