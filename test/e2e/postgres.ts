import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Debian 12's. */
const BIN = '/usr/lib/postgresql/15/bin';
const PORT = 54329;

export interface Postgres {
  /** For app-config.postgres.yaml. */
  readonly environment: Readonly<Record<string, string>>;
  query(database: string, sql: string): Promise<string>;
  /** Ends the server as an administrator does who restarts it: every connection is cut. */
  stop(): Promise<void>;
  /** Starts it again over what it held. */
  resume(): Promise<void>;
  close(): Promise<void>;
}

export interface PostgresOptions {
  readonly port?: number;
  /** As `postgres -c` takes them. */
  readonly settings?: readonly string[];
}

/** A PostgreSQL of its own, with a password, that ends with the test; its server refuses to run as root. */
export async function startPostgres({ port = PORT, settings = [] }: PostgresOptions = {}): Promise<Postgres> {
  const folder = await mkdtemp(join(tmpdir(), 'modelpier-postgres-'));
  const password = randomBytes(12).toString('hex');
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password);
  await chmod(passwordFile, 0o644);
  await run('chown', ['-R', 'postgres', folder]);
  const data = join(folder, 'data');
  await asPostgres(`${BIN}/initdb -D ${data} -U postgres -A scram-sha-256 --pwfile ${passwordFile}`);
  const environment = {
    POSTGRES_HOST: '127.0.0.1',
    POSTGRES_PORT: String(port),
    POSTGRES_USER: 'postgres',
    POSTGRES_PASSWORD: password,
  };
  const query = async (database: string, sql: string): Promise<string> => {
    const args = ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', '-d', database, '-tAc', sql];
    return (await run('psql', args, { env: { ...process.env, PGPASSWORD: password } })).stdout.trim();
  };
  const start = async (): Promise<ChildProcess> => {
    const started = spawnServer({ data, folder, port, settings });
    for (let tries = 0; ; tries += 1) {
      const answer = await query('postgres', 'select 1').catch((error: unknown) => error);
      if (answer === '1') return started;
      if (tries === 100) throw answer as Error;
      await sleep(200);
    }
  };
  let server: ChildProcess | undefined = await start();
  const stop = async (): Promise<void> => {
    if (server === undefined) return;
    const ended = once(server, 'exit');
    server.kill('SIGINT');
    server = undefined;
    await ended;
  };
  return {
    environment,
    query,
    stop,
    resume: async () => {
      server ??= await start();
    },
    close: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const AS_POSTGRES = ['--reuid', 'postgres', '--regid', 'postgres', '--clear-groups'];

interface Server extends Required<PostgresOptions> {
  readonly data: string;
  readonly folder: string;
}

function spawnServer({ data, folder, port, settings }: Server): ChildProcess {
  const where = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder];
  const given = settings.flatMap(setting => ['-c', setting]);
  return spawn('setpriv', [...AS_POSTGRES, `${BIN}/postgres`, ...where, ...given], { stdio: 'ignore' });
}

const asPostgres = (command: string): Promise<unknown> =>
  run('setpriv', [...AS_POSTGRES, 'sh', '-c', command], { cwd: '/' });
