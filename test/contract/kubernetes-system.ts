import { deployerOf, type KubernetesServer, type RunContainer, startKubernetes } from '../servers/kubernetes';

/**
 * What the contract suites run against: the stand-in and, where there is one, a real API server. The real one is named by MODELPIER_TEST_KUBECONFIG,
 * a kubeconfig with a deployer's rights in namespace apps; objects are prefixed `contract-` and removed.
 */
const realKubeconfig = process.env.MODELPIER_TEST_KUBECONFIG;
export const NAMESPACE = 'apps';
export const GOOD_IMAGE = '127.0.0.1:5000/k8s/pause:3.2';
export const BAD_IMAGE = '127.0.0.1:5000/k8s/contract-nothing:1';

export interface System {
  readonly name: string;
  start(): Promise<{ readonly kubeconfig: string; stop(): Promise<void> }>;
}

const runContainer: RunContainer = ({ image }) =>
  Promise.resolve(
    image === BAD_IMAGE
      ? { kind: 'image-missing', message: `failed to resolve reference "${image}": ${image}: not found` }
      : { kind: 'running', imageId: `${image.replace(/:[^:]*$/, '')}@sha256:${'1'.repeat(64)}` },
  );

const standIn: System = {
  name: 'the stand-in',
  start: async () => {
    const server: KubernetesServer = await startKubernetes({
      runContainer,
      access: { 'deployer-token': deployerOf(NAMESPACE) },
    });
    return { kubeconfig: server.kubeconfig('deployer-token', NAMESPACE), stop: () => server.close() };
  },
};

const realServer: System = {
  name: 'a real API server',
  start: () => Promise.resolve({ kubeconfig: realKubeconfig ?? '', stop: () => Promise.resolve() }),
};

export const systems: readonly System[] = realKubeconfig === undefined ? [standIn] : [standIn, realServer];
