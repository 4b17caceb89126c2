import {
  type Decoded,
  flag,
  list,
  object,
  optional,
  parseWith,
  record,
  secretText,
  text,
  unknownValue,
} from '@modelpier/backstage-plugin-modelpier-common';
import { type ClusterConfig, httpUrl } from './configured-cluster';

/** The part of `kubernetes` in Backstage's configuration that says where clusters are (plugin-kubernetes-backend). */
const pluginConfig = object({
  clusterLocatorMethods: optional(list(object({ type: text, clusters: optional(list(unknownValue)) }))),
});
const pluginCluster = object({
  name: text,
  url: httpUrl,
  authProvider: optional(text),
  authMetadata: optional(record(unknownValue)),
  serviceAccountToken: optional(secretText),
  caData: optional(text),
  caFile: optional(text),
  skipTLSVerify: optional(flag),
});
const AUTH_PROVIDER = 'kubernetes.io/auth-provider';

export interface PluginClusters {
  readonly clusters: readonly ClusterConfig[];
  /** Those that we cannot sign in to, and why. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

type Found = { readonly cluster: ClusterConfig } | PluginClusters['skipped'][number];

/** The clusters that Backstage's Kubernetes plugin is configured with, so that nobody configures them twice. */
export function readPluginClusters(kubernetes: unknown): PluginClusters {
  const { clusterLocatorMethods: methods = [] } = parseWith(pluginConfig, kubernetes ?? {}, 'kubernetes');
  const found = methods.flatMap(({ type, clusters = [] }, at): readonly Found[] => {
    if (type === 'config') {
      const path = `kubernetes.clusterLocatorMethods[${at}].clusters`;
      return parseWith(list(pluginCluster), clusters, path).map(fromPlugin);
    }
    if (type === 'localKubectlProxy') return [{ cluster: LOCAL_PROXY }];
    const reason = `clusters that the locator "${type}" finds are not in the configuration`;
    return [{ name: type, reason }];
  });
  const clusters = found.flatMap(each => ('cluster' in each ? each.cluster : []));
  return {
    // As there, the first of a name counts.
    clusters: clusters.filter(({ name }, at) => clusters.findIndex(other => other.name === name) === at),
    skipped: found.flatMap(each => ('cluster' in each ? [] : each)),
  };
}

/** Where `kubectl proxy` listens. */
const LOCAL_PROXY: ClusterConfig = { name: 'local', url: 'http://localhost:8001' };

function fromPlugin(given: Decoded<typeof pluginCluster>): Found {
  const { name, url, authProvider, authMetadata, serviceAccountToken, caData, caFile, skipTLSVerify } = given;
  const provider = authMetadata?.[AUTH_PROVIDER] ?? authProvider;
  if (provider === 'localKubectlProxy') return { cluster: { name, url } };
  if (provider !== 'serviceAccount') {
    return { name, reason: `the authProvider ${JSON.stringify(provider)} signs in as a person or a cloud` };
  }
  // There, a service account without a token is that of the pod that the backend runs in.
  if (serviceAccountToken === undefined) return { cluster: { name, inCluster: true } };
  const authority = caFile === undefined ? { caData } : { caFile };
  return { cluster: { name, url, ...authority, serviceAccountToken, skipTLSVerify } };
}
