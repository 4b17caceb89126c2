import { useApi } from '@backstage/frontend-plugin-api';
import { useEffect, useState } from 'react';
import { clockApiRef } from '../api/clock-api';

/** Ages under a minute are told in steps of ten seconds. */
export const TICK_MS = 10_000;

/** The time, renewed often enough for "updated 20 s ago". */
export function useNow(): Date {
  const clock = useApi(clockApiRef);
  const [now, setNow] = useState(() => clock.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(clock.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [clock]);
  return now;
}
