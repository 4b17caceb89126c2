import { isWithin } from '@modelpier/backstage-plugin-modelpier-common';

/** Somebody who pages through a list asks for all of it once. */
const KEPT_MS = 30_000;
/** Each may hold thousands of references. */
const MOST_KEPT = 100;

interface Kept {
  readonly at: number;
  readonly refs: Promise<ReadonlySet<string>>;
}

/** Keeps for a moment what was found out for a caller; what failed is asked again. */
export type CallerCache = (
  key: string,
  ask: () => Promise<ReadonlySet<string>>,
) => Promise<ReadonlySet<string>>;

export function createCallerCache(now: () => number): CallerCache {
  const kept = new Map<string, Kept>();
  return async (key, ask) => {
    const found = kept.get(key);
    if (found !== undefined && isWithin(found.at, now(), KEPT_MS)) return await found.refs;
    const refs = ask();
    kept.delete(key);
    kept.set(key, { at: now(), refs });
    forgetOldest(kept);
    refs.catch(() => kept.delete(key));
    return await refs;
  };
}

function forgetOldest(kept: Map<string, Kept>): void {
  for (const key of kept.keys()) {
    if (kept.size <= MOST_KEPT) return;
    kept.delete(key);
  }
}
