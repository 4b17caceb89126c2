import { useApi } from '@backstage/frontend-plugin-api';
import { type ModelsPage, type ModelSummary } from '@modelpier/backstage-plugin-modelpier-common';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { clockApiRef } from '../api/clock-api';
import { modelpierApiRef, type ModelsQuestion } from '../api/modelpier-api';
import { createListReader, type HeldPage, type ListReader, type Sight } from './list-reader';
import { type Asked, toError, usePageInSight } from './use-polled';

/** As many as the backend gives at once: few requests for a long way down. */
export const PAGE_SIZE = 100;

interface Held {
  /** The question that the rows answer. */
  readonly key?: string;
  readonly head?: ModelsPage;
  readonly pages: readonly HeldPage<ModelSummary>[];
  readonly receivedAt?: Date;
  readonly error?: Error;
}

export interface ModelList {
  /** The first page with its sums and sources, and how it stands. */
  readonly asked: Asked<ModelsPage>;
  /** The model at a place of the list; nothing while it has not been read. */
  readonly rowAt: (place: number) => ModelSummary | undefined;
  /** The rows still answer the question before. */
  readonly settling: boolean;
  /** Says which rows are looked at. */
  readonly show: (sight: Sight) => void;
}

/** All models that fit the question, read as far as they are looked at; the rows stay until others have come. */
export function useModelList(question: ModelsQuestion): ModelList {
  const api = useApi(modelpierApiRef);
  const clock = useApi(clockApiRef);
  const [held, setHeld] = useState<Held>({ pages: [] });
  const [refreshing, setRefreshing] = useState(true);
  const reader = useRef<ListReader>();
  const key = JSON.stringify(question);

  useEffect(() => {
    const asked = JSON.parse(key) as ModelsQuestion;
    const created = createListReader<ModelsPage>({
      pageSize: PAGE_SIZE,
      ask: ({ at, cursor, signal }) =>
        api.readModels(asked, { limit: PAGE_SIZE, cursor, signal, withTotals: at === 0 }),
      onPage: (pages, page, at) =>
        setHeld(({ head, receivedAt }) =>
          at === 0 ? { key, pages, head: page, receivedAt: clock.now() } : { key, pages, head, receivedAt },
        ),
      onFailure: caught =>
        setHeld(previous => ({
          ...(previous.key === key ? previous : { key, pages: [] }),
          error: toError(caught),
        })),
      onRest: () => setRefreshing(false),
    });
    reader.current = created;
    setRefreshing(true);
    created.refresh();
    return created.close;
  }, [api, clock, key]);

  const refresh = useCallback(() => {
    setRefreshing(true);
    reader.current?.refresh();
  }, []);
  usePageInSight(refresh);
  const show = useCallback((sight: Sight) => reader.current?.show(sight), []);
  const { pages } = held;
  const rowAt = useCallback(
    (place: number) => pages[Math.floor(place / PAGE_SIZE)]?.items[place % PAGE_SIZE],
    [pages],
  );

  const { head: value, error, receivedAt } = held;
  const loading = value === undefined && error === undefined;
  // The same object while only rows come, so that what stands around them need not be drawn again.
  const asked = useMemo(
    () => ({ value, error, loading, refreshing, receivedAt, refresh }),
    [value, error, loading, refreshing, receivedAt, refresh],
  );
  return {
    asked,
    rowAt,
    settling: value !== undefined && held.key !== key,
    show,
  };
}
