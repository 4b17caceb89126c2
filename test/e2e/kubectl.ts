import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ADMIN_KUBECONFIG, KUBECTL } from './real';

const run = promisify(execFile);

/** Kubernetes' own client, as the second opinion on what our client says. */
export async function kubectl(...args: readonly string[]): Promise<string> {
  const { stdout } = await run(KUBECTL, ['--kubeconfig', ADMIN_KUBECONFIG, ...args], { maxBuffer: 64 << 20 });
  return stdout;
}

export const kubectlJson = async <T>(...args: readonly string[]): Promise<T> =>
  JSON.parse(await kubectl(...args, '-o', 'json')) as T;
