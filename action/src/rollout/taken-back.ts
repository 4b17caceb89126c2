import {
  type ErrorCode,
  ModelpierError,
  type ReportedDeployment,
} from '@modelpier/backstage-plugin-modelpier-common';

/** What became of the way back from a failed release; empty where none was wanted. */
export type Return = Pick<ReportedDeployment, 'rollback' | 'notRolledBack'>;

/** The failed release with its way back. */
export const withRollback = (failed: ReportedDeployment, returned: Return): ReportedDeployment => ({
  ...failed,
  ...returned,
  status: returned.rollback?.outcome === 'healthy' ? 'rolled-back' : 'failed',
});

/** The way back in one clause, for messages. */
export function describeReturn({ rollback, notRolledBack }: Return): string | undefined {
  if (notRolledBack !== undefined) return `nothing to roll back to: ${notRolledBack}`;
  if (rollback === undefined) return undefined;
  const { to, outcome, reason } = rollback;
  return outcome === 'healthy'
    ? `rolled back to ${to.version}, which is healthy`
    : `THE ROLLBACK to ${to.version} FAILED TOO: ${reason ?? 'it is not healthy'}`;
}

/** The error of a release, with its way back where one was tried. */
export const withReturn = (error: unknown, failed: ReportedDeployment, returned: Return): unknown =>
  describeReturn(returned) === undefined ? error : new TakenBackError(error, withRollback(failed, returned));

/** A release that ended in an error after its apply had begun, and its way back. */
export class TakenBackError extends ModelpierError {
  readonly deployment: ReportedDeployment;

  constructor(error: unknown, deployment: ReportedDeployment) {
    const { code, message, hint, faults } = described(error);
    super(code, `${message}; ${describeReturn(deployment) ?? ''}`, { hint, faults, cause: error });
    this.deployment = deployment;
  }
}

function described(
  error: unknown,
): Pick<ModelpierError, 'message' | 'hint' | 'faults'> & { code: ErrorCode } {
  if (error instanceof ModelpierError) return error;
  return {
    code: 'internal',
    message: error instanceof Error ? error.message : String(error),
    hint: undefined,
    faults: [],
  };
}
