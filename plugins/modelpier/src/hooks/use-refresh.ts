import { type Entity } from '@backstage/catalog-model';
import { useApi } from '@backstage/frontend-plugin-api';
import { useCallback } from 'react';
import { modelpierApiRef } from '../api/modelpier-api';
import { refOf } from './questions';

const REFRESH_LIMIT_MS = 15_000;

/** Has the sources collected again, then reads again; who may not ask for that still reads again. */
export function useRefresh(entity: Entity, read: () => void): () => void {
  const api = useApi(modelpierApiRef);
  return useCallback(() => {
    const signal = AbortSignal.timeout(REFRESH_LIMIT_MS);
    api.refresh(refOf(entity), { signal }).then(read, read);
  }, [api, entity, read]);
}
