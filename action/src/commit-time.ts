import { getExecOutput } from '@actions/exec';

/** Seconds since 1970 of the commit that is checked out in the folder. */
export async function readCommitTime(cwd: string): Promise<number> {
  const { stdout } = await getExecOutput('git', ['log', '-1', '--format=%ct'], { cwd, silent: true });
  return Number(stdout.trim());
}
