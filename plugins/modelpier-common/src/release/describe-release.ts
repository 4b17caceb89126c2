import type { ReleaseRecord } from './release-record';

const VERDICTS: Readonly<Record<ReleaseRecord['verdict'], string>> = {
  'in-progress': 'in progress',
  healthy: 'healthy',
  unchanged: 'healthy, unchanged',
  applied: 'applied, not waited for',
  failed: 'failed',
  'rolled-back': 'failed, rolled back',
  'rollback-failed': 'failed, and so did its rollback',
  cancelled: 'cancelled',
  interrupted: 'interrupted',
};

/** "1.4.0 of 2026-03-01 12:00 UTC by ada (failed, rolled back to 1.3.0)". */
export function describeRelease(release: ReleaseRecord): string {
  const { version, startedAt, actor, rolledBackTo, verdict } = release;
  const by = actor === undefined ? '' : ` by ${actor}`;
  const wentBack = verdict === 'rolled-back' || verdict === 'rollback-failed';
  const to = rolledBackTo !== undefined && wentBack ? ` to ${rolledBackTo.version}` : '';
  return `${version} of ${minuteOf(startedAt)}${by} (${VERDICTS[verdict]}${to})`;
}

const minuteOf = (time: string): string => `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
