import {
  type Decoded,
  type Decoder,
  describe,
  list,
  optional,
  refuse,
  strictObject,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';
import { type ClusterClient, type ClusterSettings, createCluster, loadCluster } from './cluster';

const httpUrl: Decoder<string> = (value, path, faults) => {
  const isUrl =
    typeof value === 'string' && URL.canParse(value) && ['http:', 'https:'].includes(new URL(value).protocol);
  return isUrl
    ? value
    : refuse(faults, path, `expected an http:// or https:// address, got ${describe(value)}`);
};

/** As `text`, but what was given is never shown. */
const secret: Decoder<string> = (value, path, faults) =>
  typeof value === 'string' ? value : refuse(faults, path, 'expected a string');

const fields = strictObject({
  name: text,
  kubeconfig: optional(text),
  context: optional(text),
  url: optional(httpUrl),
  caData: optional(text),
  serviceAccountToken: optional(secret),
  namespaces: optional(list(text)),
});
/** An entry of `modelpier.clusters` in the configuration of Backstage. */
export type ClusterConfig = Decoded<typeof fields>;

export const clusterConfig: Decoder<ClusterConfig> = (value, path, faults) => {
  const before = faults.length;
  const config = fields(value, path, faults);
  if (faults.length > before) return config;
  if ((config.kubeconfig === undefined) === (config.url === undefined)) {
    return refuse(faults, path, 'expected either kubeconfig or url');
  }
  if (config.kubeconfig !== undefined && (config.caData ?? config.serviceAccountToken) !== undefined) {
    return refuse(faults, path, 'caData and serviceAccountToken go with url, not with kubeconfig');
  }
  return config;
};

/** A client for a configured cluster; a kubeconfig is read anew each time, for tokens in it change. */
export async function openConfiguredCluster(
  config: ClusterConfig,
  settings: ClusterSettings = {},
): Promise<ClusterClient> {
  if (config.url === undefined) {
    return await loadCluster({ kubeconfig: config.kubeconfig, context: config.context, ...settings });
  }
  return createCluster({
    server: config.url,
    ca: config.caData,
    token: config.serviceAccountToken,
    ...settings,
  });
}
