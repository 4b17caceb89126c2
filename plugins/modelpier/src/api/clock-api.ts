import { createApiRef } from '@backstage/frontend-plugin-api';

/** The time that ages are told against, so that tests can hold it still. */
export interface ClockApi {
  now(): Date;
}

export const clockApiRef = createApiRef<ClockApi>().with({
  id: 'plugin.modelpier.clock',
  pluginId: 'modelpier',
});
