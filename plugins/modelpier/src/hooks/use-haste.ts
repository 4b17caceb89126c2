import { type Entity } from '@backstage/catalog-model';
import { useApi } from '@backstage/frontend-plugin-api';
import { useEffect } from 'react';
import { modelpierApiRef } from '../api/modelpier-api';
import { refOf } from './questions';

const READ_AGAIN_MS = 5_000;
/** The backend reads no source more often. */
const COLLECT_AGAIN_MS = 10_000;

/** While something is under way: has the sources collected and reads again, faster than at rest. */
export function useHaste(entity: Entity, isHasty: boolean, read: () => void): void {
  const api = useApi(modelpierApiRef);
  useEffect(() => {
    if (!isHasty) return undefined;
    const controller = new AbortController();
    let mayCollect = true;
    const collect = (): void => {
      if (document.hidden || !mayCollect) return;
      api.refresh(refOf(entity), { signal: controller.signal }).catch(() => {
        // Who may not ask for that sees it after the next collection.
        mayCollect = false;
      });
    };
    const readAgain = (): void => {
      if (!document.hidden) read();
    };
    collect();
    const timers = [setInterval(readAgain, READ_AGAIN_MS), setInterval(collect, COLLECT_AGAIN_MS)];
    return () => {
      controller.abort();
      timers.forEach(clearInterval);
    };
  }, [api, entity, isHasty, read]);
}
