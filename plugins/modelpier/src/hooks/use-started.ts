import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/frontend-plugin-api';
import { list, parseWith, type Started, started } from '@modelpier/backstage-plugin-modelpier-common';
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { clockApiRef } from '../api/clock-api';

export interface StartedStore {
  /** Oldest first. */
  readonly all: readonly Started[];
  /** Keeps it in place of what was kept under the same request. */
  readonly keep: (each: Started) => void;
  readonly forget: (requestId: string) => void;
}

/** Whoever comes back the next day wants to know how the model stands, not what was pressed. */
const KEPT_MS = 24 * 60 * 60 * 1000;

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What this browser's tab had started for a model; it outlives a reload. */
export function useStarted(entity: Entity): StartedStore {
  const clock = useApi(clockApiRef);
  const key = `modelpier.started/${stringifyEntityRef(entity)}`;
  const kept = useSyncExternalStore(subscribe, () => sessionStorage.getItem(key) ?? '[]');
  const all = useMemo(() => {
    const since = clock.now().getTime() - KEPT_MS;
    return parseKept(kept).filter(({ at }) => Date.parse(at) >= since);
  }, [kept, clock]);
  const change = useCallback(
    (to: (before: readonly Started[]) => readonly Started[]) => {
      const next = to(parseKept(sessionStorage.getItem(key) ?? '[]'));
      sessionStorage.setItem(key, JSON.stringify(next));
      for (const listener of listeners) listener();
    },
    [key],
  );
  const forget = useCallback(
    (requestId: string) => change(before => before.filter(each => each.requestId !== requestId)),
    [change],
  );
  const keep = useCallback(
    (own: Started) =>
      change(before => [...before.filter(({ requestId }) => requestId !== own.requestId), own]),
    [change],
  );
  return useMemo(() => ({ all, keep, forget }), [all, keep, forget]);
}

/** Anything may stand in a browser's storage. */
function parseKept(text: string): readonly Started[] {
  try {
    return parseWith(list(started), JSON.parse(text), 'kept starts');
  } catch {
    return [];
  }
}
