import type { Entity } from '@backstage/catalog-model';
import { type Decoder, parseWith } from '@modelpier/backstage-plugin-modelpier-common';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../tools/free-port';

export interface BackendSetup {
  readonly config: { readonly backend: object; readonly modelpier: object };
  readonly entities: readonly Entity[];
}

export interface BackendOptions {
  /** `backend.database` of the configuration. */
  readonly database: object;
  /** `modelpier` of the configuration. */
  readonly modelpier: object;
  readonly entities: readonly Entity[];
  readonly logFile: string;
}

/** A Backstage backend with the plugin, in a process that can be killed. */
export interface BackendProcess {
  /** Status and body of an answer of the plugin. */
  send(path: string): Promise<{ readonly status: number; readonly body: unknown }>;
  /** The answer, parsed as the frontend parses it. */
  read<T>(path: string, decoder: Decoder<T>): Promise<T>;
  isAlive(): boolean;
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

const TOKEN = 'a-token-for-this-test-alone';
const ANSWER_MS = 10_000;

export async function startBackendProcess(options: BackendOptions): Promise<BackendProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const access = { type: 'static', options: { token: TOKEN, subject: 'test' } };
  const backend = {
    baseUrl: url,
    listen: { host: '127.0.0.1', port },
    database: options.database,
    auth: { externalAccess: [access] },
  };
  const { entities, modelpier } = options;
  const setup: BackendSetup = { config: { backend, modelpier }, entities };
  const log = openSync(options.logFile, 'a');
  const child = fork(join(__dirname, 'backend-main.ts'), {
    cwd: join(__dirname, '../..'),
    env: { ...process.env, BACKEND_SETUP: JSON.stringify(setup), NODE_ENV: 'production' },
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  await started(child, options.logFile);
  const send: BackendProcess['send'] = async path => {
    const answer = await fetch(`${url}/api/modelpier${path}`, {
      headers: { authorization: `Bearer ${TOKEN}` },
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return { status: answer.status, body: await answer.json() };
  };
  return {
    send,
    read: async (path, decoder) => {
      const { status, body } = await send(path);
      if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
      return parseWith(decoder, body, path);
    },
    isAlive: () => child.exitCode === null && child.signalCode === null,
    kill: async signal => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    },
  };
}

async function started(child: ChildProcess, logFile: string): Promise<void> {
  const [outcome] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [unknown];
  if (outcome !== 'started') throw new Error(`the backend ended before it was up; its log is ${logFile}`);
}
