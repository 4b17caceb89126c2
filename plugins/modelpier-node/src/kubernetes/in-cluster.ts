import { existsSync, readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import type { Kubeconfig } from './kubeconfig';

/** https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ */
const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The kubeconfig that a pod's service account stands for; `undefined` outside of a cluster. */
export function inClusterKubeconfig(
  env: Readonly<Record<string, string | undefined>>,
  folder: string = SERVICE_ACCOUNT_FOLDER,
): Kubeconfig | undefined {
  const host = env.KUBERNETES_SERVICE_HOST;
  const tokenFile = join(folder, 'token');
  if (host === undefined || host === '' || !existsSync(tokenFile)) return undefined;
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${env.KUBERNETES_SERVICE_PORT ?? '443'}`;
  const namespaceFile = join(folder, 'namespace');
  const namespace = existsSync(namespaceFile) ? readFileSync(namespaceFile, 'utf8').trim() : undefined;
  const name = 'in-cluster';
  return {
    currentContext: name,
    clusters: [{ name, fields: { server, 'certificate-authority': join(folder, 'ca.crt') } }],
    users: [{ name, fields: { tokenFile } }],
    contexts: [{ name, cluster: name, user: name, namespace }],
  };
}
