import { readFile } from 'node:fs/promises';
import {
  type Decoded,
  type Decoder,
  describe,
  flag,
  list,
  ModelpierError,
  optional,
  refuse,
  secretText,
  strictObject,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';
import { type ClusterClient, type ClusterSettings, createCluster, loadCluster } from './cluster';

export const httpUrl: Decoder<string> = (value, path, faults) => {
  const isUrl =
    typeof value === 'string' && URL.canParse(value) && ['http:', 'https:'].includes(new URL(value).protocol);
  return isUrl
    ? value
    : refuse(faults, path, `expected an http:// or https:// address, got ${describe(value)}`);
};

const fields = strictObject({
  name: text,
  kubeconfig: optional(text),
  context: optional(text),
  inCluster: optional(flag),
  url: optional(httpUrl),
  caData: optional(text),
  caFile: optional(text),
  skipTLSVerify: optional(flag),
  serviceAccountToken: optional(secretText),
  namespaces: optional(list(text)),
});
/** An entry of `modelpier.clusters` in the configuration of Backstage. */
export type ClusterConfig = Decoded<typeof fields>;

export const clusterConfig: Decoder<ClusterConfig> = (value, path, faults) => {
  const before = faults.length;
  const config = fields(value, path, faults);
  if (faults.length > before) return config;
  const mixed = mixedFields(config);
  return mixed === undefined ? config : refuse(faults, path, mixed);
};

/** What does not go together; `undefined` where all does. */
function mixedFields({ kubeconfig, context, url, inCluster, ...rest }: ClusterConfig): string | undefined {
  const ways = [kubeconfig, url, inCluster === true ? inCluster : undefined];
  if (ways.filter(isGiven).length !== 1) return 'expected one of kubeconfig, url and inCluster: true';
  const { caData, caFile, serviceAccountToken, skipTLSVerify } = rest;
  const ofUrl = [caData, caFile, serviceAccountToken, skipTLSVerify];
  if (url === undefined && ofUrl.some(isGiven)) {
    return 'caData, caFile, serviceAccountToken and skipTLSVerify go with url only';
  }
  if (isGiven(caData) && isGiven(caFile)) return 'expected either caData or caFile';
  return isGiven(context) && kubeconfig === undefined ? 'context goes with kubeconfig only' : undefined;
}

const isGiven = (value: unknown): boolean => value !== undefined;

/** The name that every pod knows its own API server by. */
const OWN_SERVER = 'kubernetes.default.svc';

/** A client for a configured cluster; files are read anew each time, for tokens in them change. */
export async function openConfiguredCluster(
  config: ClusterConfig,
  settings: ClusterSettings = {},
): Promise<ClusterClient> {
  const { kubeconfig, context, url, caData, caFile } = config;
  if (kubeconfig !== undefined) return await loadCluster({ kubeconfig, context, ...settings });
  if (url === undefined) {
    return await loadCluster({ env: { KUBERNETES_SERVICE_HOST: OWN_SERVER }, ...settings });
  }
  return createCluster({
    server: url,
    ca: caFile === undefined ? caData : await readAuthority(caFile),
    token: config.serviceAccountToken,
    skipTlsVerify: config.skipTLSVerify,
    ...settings,
  });
}

async function readAuthority(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new ModelpierError('invalid-input', `read the certificate authority ${file}: it cannot be read`, {
      hint: 'give the path of a PEM file as caFile',
      cause,
    });
  }
}
