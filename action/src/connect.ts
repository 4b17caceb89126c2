import {
  createRegistry,
  credentialFor,
  type CredentialProvider,
  dockerCredentials,
  firstCredential,
  loadCluster,
  namesCluster,
  proxyOf,
  type RegistryPorts,
  secretsOf,
} from '@modelpier/backstage-plugin-modelpier-node';
import type { Environment } from './github/context';
import type { Inputs } from './inputs/inputs';
import type { RolloutCluster } from './rollout/deploy-options';

interface Machine {
  readonly environment: Environment;
  readonly homeDir: string;
}

/** The login of the inputs, else those of Docker and podman. */
export function readCredentials({ registry: inputs }: Inputs, machine: Machine): CredentialProvider {
  const { username, password } = inputs;
  const host = inputs.registry ?? inputs.repositories[0]?.registry;
  const stored = dockerCredentials(machine);
  return host === undefined || username === undefined || password === undefined
    ? stored
    : firstCredential(credentialFor(host, { kind: 'basic', username, password }), stored);
}

export function connectRegistry(
  { registry: inputs }: Inputs,
  credentials: CredentialProvider,
  { environment }: Pick<Machine, 'environment'>,
): RegistryPorts & { close(): Promise<void> } {
  return createRegistry({
    credentials,
    insecureRegistries: inputs.insecureRegistries,
    proxy: proxyOf(environment),
  });
}

export const hasCluster = ({ deploy }: Inputs, environment: Environment): boolean =>
  namesCluster({ kubeconfig: deploy.kubeconfig, env: environment });

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
