import { systemClock } from '@modelpier/backstage-plugin-modelpier-node';
import { type GithubServer, startGithub } from '../../../test/servers/github/server';
import { connectGithub, type Github } from './connect-github';

export const RUN = 'https://github.test/acme/mnist/actions/runs/7';
export const COMMIT = 'a'.repeat(40);
export const TARGET = {
  owner: 'acme',
  repo: 'mnist',
  ref: COMMIT,
  environment: 'staging',
  runUrl: RUN,
  begunAt: '2026-03-01T12:00:00.000Z',
};

export interface Stage {
  readonly server: GithubServer;
  readonly github: Github;
  /** What was waited for, in milliseconds; no test waits. */
  readonly slept: readonly number[];
}

/** Runs with a fresh server and a client that does not really wait. */
export async function onGithub(
  play: (stage: Stage) => Promise<void>,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  const server = await startGithub({ token: 'secret' });
  const slept: number[] = [];
  const clock = {
    now: () => systemClock.now(),
    sleep: (ms: number) => {
      slept.push(ms);
      return Promise.resolve();
    },
  };
  try {
    await play({ server, github: connectGithub('secret', { apiUrl: server.url, clock, signal }), slept });
  } finally {
    await server.close();
  }
}
