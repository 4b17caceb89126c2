import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import { freePort } from '../../tools/free-port';
import { clearRepository } from './clear-repository';

/** The registry that everything is pushed to. */
export interface BenchRegistry {
  readonly host: string;
  /** A repository that holds nothing yet. */
  fresh(): string;
  /** Keeps what it holds now: the base. */
  keep(): Promise<void>;
  /** Drops all that came since, so that every run meets the same registry. */
  forget(): Promise<void>;
  stop(): Promise<void>;
}

interface OwnOptions {
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Seconds for a registry to answer; it takes a tenth of one. */
const START_LIMIT_MS = 15_000;

/** Debian's docker-registry on a free port, with its data below `folder`. */
export async function startOwnRegistry({ folder, signal }: OwnOptions): Promise<BenchRegistry> {
  const data = join(folder, 'data');
  const kept = join(folder, 'kept');
  await mkdir(data, { recursive: true });
  const host = `127.0.0.1:${await freePort()}`;
  const config = join(folder, 'registry.yml');
  await writeFile(config, configOf(data, host));
  const child = spawn('docker-registry', ['serve', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  child.stderr.pipe(createWriteStream(join(folder, 'registry.log')));
  const ended = endOf(child);
  const stop = async (): Promise<void> => {
    child.kill();
    await ended.catch(() => undefined);
  };
  try {
    await Promise.race([untilReady(host, signal), ended]);
  } catch (cause) {
    await stop();
    const log = await readFile(join(folder, 'registry.log'), 'utf8').catch(() => '');
    throw new ModelpierError('upstream', `docker-registry does not start\n${log.slice(-1000)}`, { cause });
  }
  let count = 0;
  return {
    host,
    fresh: () => `bench/run-${++count}`,
    keep: () => cp(data, kept, { recursive: true }),
    forget: async () => {
      // The files alone: the registry keeps nothing in memory, for no cache is configured.
      await rm(data, { recursive: true });
      await cp(kept, data, { recursive: true });
    },
    stop,
  };
}

/** A registry that runs already: what was pushed is deleted by its API; its disk is freed by its own collection. */
export function useRegistry(host: string, signal: AbortSignal): BenchRegistry {
  const prefix = `bench-${randomBytes(4).toString('hex')}`;
  const repositories: string[] = [];
  const clear = async (from: number): Promise<void> => {
    for (const repository of repositories.splice(from)) await clearRepository(host, repository, signal);
  };
  let kept = 0;
  let count = 0;
  return {
    host,
    fresh: () => {
      const repository = `${prefix}/run-${++count}`;
      repositories.push(repository);
      return repository;
    },
    keep: () => {
      kept = repositories.length;
      return Promise.resolve();
    },
    forget: () => clear(kept),
    stop: () => clear(0),
  };
}

const configOf = (data: string, host: string): string => `version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage:
  filesystem: {rootdirectory: ${data}}
  delete: {enabled: true}
http: {addr: "${host}"}
`;

function endOf(child: ChildProcess): Promise<never> {
  return new Promise((_, reject) => {
    child.once('error', reject);
    child.once('exit', code => reject(new Error(`docker-registry ended with ${code ?? 'a signal'}`)));
  });
}

async function untilReady(host: string, signal: AbortSignal): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(START_LIMIT_MS)]);
  for (;;) {
    const isReady = await fetch(`http://${host}/v2/`, { signal: limit }).then(
      response => response.ok,
      () => false,
    );
    if (isReady) return;
    limit.throwIfAborted();
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
