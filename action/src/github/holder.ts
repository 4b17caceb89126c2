import type { Environment, RunContext } from './context';

/** Who holds a lease: the address of the run and its attempt, and what tells this step from all others. */
export function holderOf(environment: Environment, { runUrl }: RunContext, unique: string): string {
  const attempt = environment['GITHUB_RUN_ATTEMPT'] ?? '';
  if (runUrl === undefined) return `a run without an address#${unique}`;
  return `${runUrl}${/^\d+$/.test(attempt) ? `/attempts/${attempt}` : ''}#${unique}`;
}
