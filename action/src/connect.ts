import {
  createRegistry,
  credentialFor,
  dockerCredentials,
  firstCredential,
  loadCluster,
  proxyOf,
  type RegistryPorts,
  secretsOf,
} from '@modelpier/backstage-plugin-modelpier-node';
import type { Environment } from './github/context';
import type { Inputs } from './inputs/inputs';
import type { RolloutCluster } from './rollout/deploy-options';

/** The registry client with the login of the inputs, else with those of Docker and podman. */
export function connectRegistry(
  { registry: inputs }: Inputs,
  { environment, homeDir }: { readonly environment: Environment; readonly homeDir: string },
): RegistryPorts & { close(): Promise<void> } {
  const { username, password } = inputs;
  const host = inputs.registry ?? inputs.repositories[0]?.registry;
  const stored = dockerCredentials({ environment, homeDir });
  const credentials =
    host === undefined || username === undefined || password === undefined
      ? stored
      : firstCredential(credentialFor(host, { kind: 'basic', username, password }), stored);
  return createRegistry({
    credentials,
    insecureRegistries: inputs.insecureRegistries,
    proxy: proxyOf(environment),
  });
}

export const connectCluster = ({ deploy }: Inputs, environment: Environment): Promise<RolloutCluster> =>
  loadCluster({
    kubeconfig: deploy.kubeconfig,
    context: deploy.context,
    namespace: deploy.namespace,
    env: environment,
  });

/** Tokens and keys of the kubeconfig that the run will use; what cannot be read yet is reported when it is used. */
export async function kubeconfigSecrets(
  { deploy }: Inputs,
  environment: Environment,
): Promise<readonly string[]> {
  const kubeconfig = deploy.kubeconfig ?? environment['KUBECONFIG'];
  if (kubeconfig === undefined || kubeconfig === '') return [];
  return secretsOf(kubeconfig).catch(() => []);
}
