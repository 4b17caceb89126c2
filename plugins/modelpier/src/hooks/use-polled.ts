import { useApi } from '@backstage/frontend-plugin-api';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { clockApiRef } from '../api/clock-api';

/** Backends collect every half minute or so; asking more often shows nothing new. */
const POLL_INTERVAL_MS = 30_000;

/** An answer and how it stands. `value` stays while it is asked for again, also when that fails. */
export interface Asked<T> {
  readonly value: T | undefined;
  readonly error: Error | undefined;
  /** Nothing to show yet. */
  readonly loading: boolean;
  readonly refreshing: boolean;
  readonly receivedAt: Date | undefined;
  readonly refresh: () => void;
}

interface Held<T> {
  readonly key: string;
  readonly value?: T;
  readonly receivedAt?: Date;
  readonly error?: Error | undefined;
}

export const toError = (caught: unknown): Error =>
  caught instanceof Error ? caught : new Error(String(caught));

/** Asks at once, again while the page is in sight, and again on `refresh`; `key` names the question. */
export function usePolled<T>(key: string, ask: (signal: AbortSignal) => Promise<T>): Asked<T> {
  const clock = useApi(clockApiRef);
  const [held, setHeld] = useState<Held<T>>({ key });
  const [refreshing, setRefreshing] = useState(true);
  const [round, setRound] = useState(0);
  const refresh = useCallback(() => setRound(previous => previous + 1), []);

  const latestAsk = useRef(ask);
  latestAsk.current = ask;

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    setRefreshing(true);
    const settle = (change: (previous: Held<T>) => Held<T>): void => {
      if (signal.aborted) return;
      setHeld(change);
      setRefreshing(false);
    };
    latestAsk.current(signal).then(
      value => settle(() => ({ key, value, receivedAt: clock.now() })),
      (caught: unknown) =>
        settle(previous => ({ ...(previous.key === key ? previous : { key }), error: toError(caught) })),
    );
    return () => controller.abort();
  }, [key, round, clock]);

  usePageInSight(refresh);

  const current: Held<T> = held.key === key ? held : { key };
  const { value, error, receivedAt } = current;
  const loading = value === undefined && error === undefined;
  // The same object while nothing has changed, so that who shows it need not be drawn again.
  return useMemo(
    () => ({ value, error, loading, refreshing, receivedAt, refresh }),
    [value, error, loading, refreshing, receivedAt, refresh],
  );
}

/** Calls at each interval while the page is visible, and once on the way back to it. */
export function usePageInSight(call: () => void): void {
  useEffect(() => {
    let missed = false;
    const timer = setInterval(() => {
      if (document.hidden) missed = true;
      else call();
    }, POLL_INTERVAL_MS);
    const onVisibility = (): void => {
      if (document.hidden || !missed) return;
      missed = false;
      call();
    };
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', onVisibility);
    };
  }, [call]);
}
