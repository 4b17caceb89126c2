import {
  type GoldenRun,
  goldenVerdict,
  type ReportedGolden,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { GoldenFile } from './read-golden';

/** The cases of a release, and whether it may go on where there is no way to ask for them. */
export interface GoldenCheck extends GoldenFile {
  readonly isRequired: boolean;
}

/** What became of the check, by who was asked. */
export const reportGolden = (
  { path, golden: { cases, p95Ms } }: GoldenFile,
  runs: readonly GoldenRun[],
): ReportedGolden => ({
  verdict: goldenVerdict(runs),
  file: path,
  cases: cases.length,
  ...(p95Ms !== undefined && { p95LimitMs: p95Ms }),
  runs,
});

/** Where nobody could be asked, or nobody may. */
export const notAsked = (subject: string, reason: string): GoldenRun => ({
  subject,
  verdict: 'not-run',
  requests: 0,
  reason,
});
