import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import { createApi } from './api';
import { createApplier } from './apply';
import type { Connection } from './connection';
import { createDeleter } from './delete';
import { createDiscovery } from './discovery';
import { inClusterKubeconfig } from './in-cluster';
import { readKubeconfig } from './kubeconfig';
import { createLogReader } from './log';
import { createPatcher } from './patch';
import { createPodCaller } from './pod-call';
import type { ClusterPorts } from './ports';
import { createReader } from './read';
import { parseServerUrl } from './server-url';
import { connectWith } from './sign-in';
import { createTransport, DEFAULT_TIMEOUTS, type Timeouts } from './transport';
import { createWatcher } from './watch';

/** First try and three more: a control plane that fails over is back within seconds. */
const DEFAULT_ATTEMPTS = 4;

export interface ClusterSettings {
  readonly timeouts?: Partial<Timeouts> | undefined;
  /** How often a request is sent before its failure counts; 1 for none again. Default 4. */
  readonly attempts?: number | undefined;
}

export interface ClusterClient extends ClusterPorts {
  /** Host and port, for messages. */
  readonly server: string;
  /** Ends kept connections; watches end by their signal. */
  close(): void;
}

export interface LoadClusterOptions extends ClusterSettings {
  /** Path (or paths, as in `$KUBECONFIG`) or content; default `env.KUBECONFIG`, then the pod's service account. */
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  /** Default: that of the context. */
  readonly namespace?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Whether anything names a cluster to connect to; it may still be wrong. */
export const namesCluster = ({
  kubeconfig,
  env = {},
}: Pick<LoadClusterOptions, 'kubeconfig' | 'env'>): boolean =>
  (kubeconfig ?? env.KUBECONFIG ?? '') !== '' || inClusterKubeconfig(env) !== undefined;

/** A client for the cluster of a kubeconfig; no request is sent yet. */
export async function loadCluster(options: LoadClusterOptions): Promise<ClusterClient> {
  const { env = {}, context, namespace } = options;
  const named = options.kubeconfig ?? env.KUBECONFIG;
  const kubeconfig =
    named === undefined || named === '' ? inClusterKubeconfig(env) : await readKubeconfig(named);
  if (kubeconfig === undefined) {
    throw new ModelpierError('invalid-input', 'connect to the cluster: no kubeconfig was given', {
      hint: 'set `kubeconfig` (a path or the content) or the variable KUBECONFIG, or run inside the cluster',
    });
  }
  return assemble(await connectWith(kubeconfig, { context, namespace }), options);
}

export interface CreateClusterOptions extends ClusterSettings {
  readonly server: string;
  /** PEM, or base64 of it as `caData` holds it. */
  readonly ca?: string | undefined;
  readonly token?: string | undefined;
  readonly namespace?: string | undefined;
  readonly skipTlsVerify?: boolean | undefined;
}

/** A client for a cluster that a configuration names; no request is sent yet. */
export function createCluster(options: CreateClusterOptions): ClusterClient {
  const { server, ca, token, namespace = 'default', skipTlsVerify = false } = options;
  const pem = ca === undefined || ca.includes('-----BEGIN') ? ca : Buffer.from(ca, 'base64').toString('utf8');
  const credentials = {
    headers: token === undefined ? {} : { Authorization: `Bearer ${token.trim()}` },
    tls: { ca: pem, rejectUnauthorized: !skipTlsVerify },
  };
  return assemble(
    { server: parseServerUrl(server), namespace, credentials: () => Promise.resolve(credentials) },
    options,
  );
}

function assemble(connection: Connection, settings: ClusterSettings): ClusterClient {
  const timeouts = { ...DEFAULT_TIMEOUTS, ...settings.timeouts };
  const { namespace } = connection;
  const random = Math.random;
  const transport = createTransport(connection, timeouts);
  const api = createApi({ transport, timeouts, attempts: settings.attempts ?? DEFAULT_ATTEMPTS, random });
  const kinds = createDiscovery(api);
  const context = { api, kinds, namespace };
  return {
    server: transport.server,
    namespace,
    ...createReader(context),
    ...createApplier(context),
    ...createPatcher(context),
    ...createDeleter(context),
    ...createLogReader(api),
    ...createPodCaller(transport, timeouts),
    ...createWatcher({ ...context, transport, timeouts, random }),
    servedKind: kinds.servedKind,
    servedVersions: kinds.servedVersions,
    close: () => transport.close(),
  };
}
