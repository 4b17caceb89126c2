import { findStarted, type Release, type Started } from '@modelpier/backstage-plugin-modelpier-common';
import { useMemo } from 'react';
import { useNow } from './use-now';

/** A run that waits for a reviewer or for a runner may take longer, or it died: after this one should look. */
const PATIENCE_MS = 10 * 60_000;

/** Whether it has taken so long that nobody should go on waiting at the page. */
export const isLong = (since: string, now: Date): boolean => now.getTime() - Date.parse(since) >= PATIENCE_MS;

/** Whether its release has no verdict yet, and one may still come soon. */
function isUnderWay(started: Started, releases: readonly Release[], now: Date): boolean {
  if (started.answer === null) return false;
  const release = findStarted(releases, started);
  if (release === undefined) return !isLong(started.at, now);
  return release.verdict === 'in-progress' && !isLong(release.startedAt, now);
}

/** Environments where something that was started is still under way. */
export function useUnderWay(all: readonly Started[], releases: readonly Release[]): ReadonlySet<string> {
  const now = useNow();
  return useMemo(
    () => new Set(all.filter(each => isUnderWay(each, releases, now)).map(({ environment }) => environment)),
    [all, releases, now],
  );
}
