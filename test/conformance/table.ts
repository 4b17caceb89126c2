import { type CheckResult } from './check';

const MARK = { passed: 'pass', failed: 'FAIL', 'not-applicable': 'n/a ' } as const;

/** The results for a terminal: a line each, the reason under what did not pass. */
export function renderTable(results: readonly CheckResult[]): string {
  const lines = results.flatMap(({ title, level, outcome, reason }) => {
    const note = level === 'recommended' ? ' (recommended)' : '';
    return [`${MARK[outcome]}  ${title}${note}`, ...(reason === undefined ? [] : [`      ${reason}`])];
  });
  const count = (outcome: CheckResult['outcome']) =>
    results.filter(result => result.outcome === outcome).length;
  const sum = `${count('passed')} passed, ${count('failed')} failed, ${count('not-applicable')} not applicable`;
  return [...lines, '', sum].join('\n');
}
