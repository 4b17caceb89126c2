import {
  goldenNoteOf,
  hasCode,
  type ReleaseEnd,
  type ReleaseVerdict,
  type ReportedDeployment,
  shortDiagnosis,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { BegunRelease } from '../ledger/begin-release';
import type { DeployOptions } from './deploy-options';
import { rolloutFailure } from './failure';
import { type Return, TakenBackError } from './taken-back';

type End = Omit<ReleaseEnd, 'finishedAt'>;

/** Whether the run is being stopped, so that it must do no more than to say so. */
export const isStopped = (error: unknown, { signal }: Pick<DeployOptions, 'signal'>): boolean =>
  signal?.aborted === true || hasCode(error, 'cancelled');

/** What the ledger says of a release that came to its end. */
export function endOf(deployment: ReportedDeployment): End {
  const { golden } = deployment;
  return { ...verdictOf(deployment), ...(golden !== undefined && { golden: goldenNoteOf(golden) }) };
}

function verdictOf(deployment: ReportedDeployment): End {
  const { status } = deployment;
  switch (status) {
    case 'failed':
    case 'rolled-back':
      return {
        ...failedEnd(deployment),
        reason: rolloutFailure(deployment).message,
        diagnosis: shortDiagnosis(deployment.diagnosis ?? []),
      };
    case 'planned':
      throw new TypeError('a plan is no release');
    default:
      return { verdict: status };
  }
}

function failedEnd({ rollback }: Return): Pick<End, 'verdict' | 'rolledBackTo'> {
  if (rollback === undefined) return { verdict: 'failed' };
  const verdict: ReleaseVerdict = rollback.outcome === 'healthy' ? 'rolled-back' : 'rollback-failed';
  return { verdict, rolledBackTo: rollback.to };
}

/** What it says of one that ended in an error. */
export function endOfError(error: unknown, options: DeployOptions): End {
  if (error instanceof TakenBackError) return { ...failedEnd(error.deployment), reason: error.message };
  const verdict = isStopped(error, options) ? 'cancelled' : 'failed';
  // Who stopped it says more than what was stopped by it.
  const { reason: stop } = (options.signal ?? {}) as { readonly reason?: unknown };
  return { verdict, reason: messageOf(verdict === 'cancelled' ? (stop ?? error) : error) };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Tells the ledger; a release is not undone because it cannot be written down. */
export async function tellEnd(
  release: BegunRelease,
  end: End,
  { onWarning }: Pick<DeployOptions, 'onWarning'>,
): Promise<void> {
  try {
    await release.end(end);
  } catch (error) {
    onWarning?.(
      `the ledger could not be told that the release is ${end.verdict}, so the next one will call it ` +
        `interrupted and never roll back to it: ${messageOf(error)}`,
    );
  }
}
