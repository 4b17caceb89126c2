import { useRouteRef } from '@backstage/core-plugin-api';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { type EntityRef } from '@modelpier/backstage-plugin-modelpier-common';
import { useCallback } from 'react';
import { MODEL_PATH } from '../../routes';

export type LinkOf = (entity: EntityRef) => string;

/** Where a model's page is; a portal that calls its tab otherwise shows the entity's overview. */
export function useModelLink(): LinkOf {
  const route = useRouteRef(entityRouteRef);
  return useCallback((entity: EntityRef) => `${route(entity)}${MODEL_PATH}`, [route]);
}
