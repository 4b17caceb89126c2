import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRegistry, anonymous } from '@modelpier/backstage-plugin-modelpier-node';
import { deployerOf, startKubernetes, type User } from '../../test/servers/kubernetes';
import { startRegistry } from '../../test/servers/registry/server';
import type { DemoOptions } from './options';
import { pushRuntime } from './runtime-image';
import { simulatedNode } from './simulated-node';

/** Where the releases of the demo go. */
export interface World {
  readonly description: string;
  readonly repository: string;
  readonly baseImage: string;
  readonly registry: string;
  /** For the action: a deployer's rights. */
  readonly kubeconfig: string;
  /** For the portal: reads only. */
  readonly portalKubeconfig: string;
  readonly namespace: string | undefined;
  close(): Promise<void>;
}

/** The registry and cluster that the options name, else embedded ones. */
export async function openWorld(options: DemoOptions, folder: string): Promise<World> {
  const { registry, baseImage, kubeconfig, portalKubeconfig, namespace } = options;
  if (registry === undefined || baseImage === undefined || kubeconfig === undefined)
    return openEmbedded(folder);
  return {
    description: `the real registry ${registry} and the real cluster of ${kubeconfig}`,
    repository: `${registry}/demo/mnist-mlp`,
    baseImage,
    registry,
    kubeconfig,
    portalKubeconfig: portalKubeconfig ?? kubeconfig,
    namespace,
    close: () => Promise.resolve(),
  };
}

const NAMESPACE = 'models';
const DEPLOYER_TOKEN = 'demo-deployer-token';
const PORTAL_TOKEN = 'demo-portal-token';

/** docs/permissions.md, "Cluster, for the portal". */
const PORTAL: User = {
  name: 'portal',
  rules: [
    {
      resources: ['deployments.apps', 'replicasets.apps', 'pods', 'nodes', 'resourcequotas', 'namespaces'],
      verbs: ['get', 'list'],
    },
    { resources: ['nodes/proxy'], verbs: ['get'] },
  ],
};

/** Slow enough to watch, fast enough to wait for. */
const TIMINGS = { startMs: 400, readyMs: 600, backOffMs: 1_000, stopMs: 200 };

async function openEmbedded(folder: string): Promise<World> {
  const registry = await startRegistry({ dataDir: join(folder, 'registry') });
  const client = createRegistry({ credentials: anonymous });
  const baseImage = await pushRuntime(client, registry.host);
  const cluster = await startKubernetes({
    namespaces: [NAMESPACE],
    access: { [DEPLOYER_TOKEN]: deployerOf(NAMESPACE), [PORTAL_TOKEN]: PORTAL },
    runContainer: simulatedNode(client),
    timings: TIMINGS,
    usage: () => ({ usageNanoCores: 38_000_000, workingSetBytes: 211_000_000 }),
  });
  const [kubeconfig, portalKubeconfig] = [
    join(folder, 'deployer.kubeconfig'),
    join(folder, 'portal.kubeconfig'),
  ];
  await writeFile(kubeconfig, cluster.kubeconfig(DEPLOYER_TOKEN, NAMESPACE), { mode: 0o600 });
  await writeFile(portalKubeconfig, cluster.kubeconfig(PORTAL_TOKEN, NAMESPACE), { mode: 0o600 });
  return {
    description:
      'an embedded registry and an embedded cluster, whose nodes are simulated: they pull the image and look at it, and nothing answers predictions',
    repository: `${registry.host}/acme/mnist-mlp`,
    baseImage,
    registry: registry.host,
    kubeconfig,
    portalKubeconfig,
    namespace: undefined,
    close: async () => {
      await client.close();
      await cluster.close();
      await registry.close();
    },
  };
}
