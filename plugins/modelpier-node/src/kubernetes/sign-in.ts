import type { RequestOptions } from 'node:https';
import type { KubeConfig as Config } from '@kubernetes/client-node';
import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type { Connection, Credentials } from './connection';
import type { Entry, Kubeconfig } from './kubeconfig';
import { parseServerUrl } from './server-url';
import { systemCode } from './unreachable';
import { cancelled } from './wait';

/** An exec plugin may open a connection of its own; longer than this it waits for a person. */
const SIGN_IN_MS = 60_000;
/** Tokens and files are read again after this, as client-go does, so that rotated ones are noticed. */
const KEEP_MS = 30_000;

export interface Choice {
  readonly context?: string | undefined;
  readonly namespace?: string | undefined;
}

/** The connection of one context of a kubeconfig, with every way to sign in that `KubeConfig` knows. */
export async function connectWith(kubeconfig: Kubeconfig, choice: Choice): Promise<Connection> {
  const { KubeConfig } = await import(
    /* webpackExports: ["KubeConfig"] */ '@kubernetes/client-node/dist/config.js'
  );
  const context = findContext(kubeconfig, choice.context);
  const cluster = findEntry(kubeconfig.clusters, context.cluster, 'cluster');
  const user =
    context.user === undefined
      ? { name: 'anonymous', fields: {} }
      : findEntry(kubeconfig.users, context.user, 'user');
  const server = parseServerUrl(typeof cluster.fields.server === 'string' ? cluster.fields.server : '');

  const config = new KubeConfig();
  config.loadFromString(JSON.stringify(singleContext(server, cluster, user)));
  const namespace = choice.namespace ?? context.namespace ?? 'default';
  return { server, namespace, credentials: keep(() => signIn(config, cluster, user)) };
}

/** A user is always there, as the library leaves out the certificate authority without one. */
function singleContext(server: URL, cluster: Entry, user: Entry): unknown {
  // The library knows `tokenFile` only as a provider, and refuses plain HTTP unless TLS is off anyway.
  const { tokenFile, ...fields } = user.fields;
  const file =
    tokenFile === undefined ? {} : { 'auth-provider': { name: 'tokenFile', config: { tokenFile } } };
  const plain = server.protocol === 'http:' ? { 'insecure-skip-tls-verify': true } : {};
  return {
    'current-context': 'chosen',
    clusters: [{ name: 'chosen', cluster: { ...cluster.fields, ...plain } }],
    users: [{ name: 'chosen', user: { ...fields, ...file } }],
    contexts: [{ name: 'chosen', context: { cluster: 'chosen', user: 'chosen' } }],
  };
}

async function signIn(config: Config, cluster: Entry, user: Entry): Promise<Credentials> {
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    throw failedSignIn(error, user);
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries((options.headers ?? {}) as Record<string, unknown>)) {
    if (typeof value === 'string') headers[name] = value.trim();
  }
  if (typeof options.auth === 'string') {
    headers.Authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  }
  const { ca, cert, key, passphrase, rejectUnauthorized, servername } = options;
  return {
    headers,
    tls: { ca, cert, key, passphrase, rejectUnauthorized, servername },
    agent: cluster.fields['proxy-url'] === undefined ? undefined : options.agent,
  };
}

function failedSignIn(error: unknown, user: Entry): ModelpierError {
  const command = (user.fields.exec as { command?: unknown } | undefined)?.command;
  const act = `sign in as the kubeconfig's user "${user.name}"`;
  if (typeof command !== 'string')
    return new ModelpierError('unauthorized', `${act}: failed`, { cause: error });
  const missing = systemCode(error) === 'ENOENT';
  const reason = missing ? 'is not installed' : 'failed';
  return new ModelpierError('unauthorized', `${act}: the command "${command}" ${reason}`, {
    hint: missing ? `install ${command} in an earlier step` : `run ${command} by hand to see what it needs`,
    cause: error,
  });
}

/** Requests that come together sign in once. */
function keep(load: () => Promise<Credentials>): (signal?: AbortSignal) => Promise<Credentials> {
  let kept: Promise<Credentials> | undefined;
  const renew = (): Promise<Credentials> => {
    const loading = load();
    const forget = (): void => {
      if (kept === loading) kept = undefined;
    };
    loading.then(() => setTimeout(forget, KEEP_MS).unref(), forget);
    return loading;
  };
  return signal => within((kept ??= renew()), SIGN_IN_MS, signal);
}

function within<T>(promise: Promise<T>, ms: number, signal: AbortSignal | undefined): Promise<T> {
  const act = 'sign in to the cluster';
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(cancelled(act, signal));
    const late = (): void =>
      reject(new ModelpierError('timeout', `${act}: no credentials within ${ms / 1000} s`));
    const timer = setTimeout(late, ms);
    signal?.addEventListener('abort', stop, { once: true });
    const settled = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    };
    promise.finally(settled).then(resolve, reject);
  });
}

function findContext(kubeconfig: Kubeconfig, wanted: string | undefined): Kubeconfig['contexts'][number] {
  const { contexts, currentContext } = kubeconfig;
  const name = wanted ?? currentContext;
  const found = contexts.find(context => context.name === name);
  if (found !== undefined) return found;
  const known = contexts.map(context => context.name).join(', ');
  const reason = name === undefined ? 'names no current context' : `has no context "${name}"`;
  throw new ModelpierError('invalid-input', `the kubeconfig ${reason}`, {
    hint: known === '' ? 'give a kubeconfig with a context' : `its contexts are: ${known}`,
  });
}

function findEntry(entries: readonly Entry[], name: string, what: string): Entry {
  const found = entries.find(entry => entry.name === name);
  if (found !== undefined) return found;
  throw new ModelpierError(
    'invalid-input',
    `the kubeconfig has no ${what} "${name}", which its context names`,
  );
}
