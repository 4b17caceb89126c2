import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

export interface PortalOptions {
  /** The project's root. */
  readonly root: string;
  readonly port: number;
  readonly registry: string;
  readonly kubeconfig: string;
  /** The entities to show. */
  readonly catalog: string;
  readonly logFile: string;
  readonly signal?: AbortSignal;
  /** Arguments for the backend, such as `--config`. */
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Portal {
  readonly url: string;
  close(): Promise<void>;
}

/** The first start builds the app. */
const READY_WITHIN_MS = 10 * 60_000;

const STOP_WITHIN_MS = 10_000;

/** Starts examples/portal and waits until it answers. */
export async function startPortal(options: PortalOptions): Promise<Portal> {
  const { root, port, registry, kubeconfig, catalog, args = [], environment = {} } = options;
  const url = `http://127.0.0.1:${port}`;
  const log = createWriteStream(options.logFile);
  await once(log, 'open');
  const child = spawn('examples/portal/start', args, {
    cwd: root,
    env: {
      ...process.env,
      PORTAL_URL: url,
      PORTAL_PORT: String(port),
      PORTAL_CATALOG: catalog,
      MODELPIER_REGISTRY: registry,
      MODELPIER_KUBECONFIG: kubeconfig,
      ...environment,
    },
    stdio: ['ignore', log, log],
    detached: true,
  });
  const stop = (): Promise<void> => stopGroup(child);
  try {
    await waitUntilReady(child, url, options);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, close: stop };
}

async function waitUntilReady(
  child: ChildProcess,
  url: string,
  { logFile, signal }: PortalOptions,
): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  for (;;) {
    signal?.throwIfAborted();
    if (child.exitCode !== null)
      throw new Error(`the portal ended with code ${child.exitCode}; its log is ${logFile}`);
    if (Date.now() > until)
      throw new Error(`the portal did not answer on ${url} in time; its log is ${logFile}`);
    const answer = await fetch(`${url}/.backstage/health/v1/readiness`).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(500);
  }
}

/** The starter and what it started. */
async function stopGroup(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (child.exitCode !== null || pid === undefined) return;
  const exited = once(child, 'exit').then(() => true);
  process.kill(-pid, 'SIGTERM');
  const isGone = await Promise.race([exited, sleep(STOP_WITHIN_MS, false)]);
  if (!isGone) process.kill(-pid, 'SIGKILL');
}
