import { parseReference, type Reference, type RunFacts } from '@modelpier/backstage-plugin-modelpier-common';
import {
  type Clock,
  type ClusterClient,
  type KubernetesObject,
  createCluster,
  systemClock,
} from '@modelpier/backstage-plugin-modelpier-node';
import { deployerOf, type KubernetesOptions, startKubernetes } from '../../../test/servers/kubernetes';
import type { KubernetesServer } from '../../../test/servers/kubernetes';
import { deployObjects } from './deploy';
import type { ReleaseOptions } from './deploy-options';

/** Time that passes 20 times as fast, so that the waits of a rollout are the same and a test is short. */
const SPEED = 20;
const BEGAN = systemClock.now();
export const fastClock: Clock = {
  now: () => BEGAN + (systemClock.now() - BEGAN) * SPEED,
  sleep: (ms, signal) => systemClock.sleep(ms / SPEED, signal),
};

const digestOf = (digit: string): string => `sha256:${digit.repeat(64)}`;
export const imageOf = (digit: string): Reference =>
  parseReference(`registry.test/acme/mnist@${digestOf(digit)}`);

export const factsOf = (version: string, deployedAt = '2026-03-01T12:00:00Z'): RunFacts => ({
  model: 'mnist',
  version,
  image: `registry.test/acme/mnist:${version}`,
  commit: 'c0ffee',
  actor: 'ada',
  deployedAt,
});

/** A Service without a protocol, and a Deployment of two replicas. */
export const objectsOf = (digit: string, spec: Record<string, unknown> = {}): readonly KubernetesObject[] => [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'mnist' },
    spec: {
      replicas: 2,
      progressDeadlineSeconds: 30,
      strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      selector: { matchLabels: { app: 'mnist' } },
      template: {
        metadata: { labels: { app: 'mnist' } },
        spec: {
          containers: [
            { name: 'model', image: `registry.test/acme/mnist@${digestOf(digit)}` },
            { name: 'proxy', image: 'registry.test/acme/proxy:1' },
          ],
        },
      },
      ...spec,
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'mnist' },
    spec: { selector: { app: 'mnist' }, ports: [{ port: 80, targetPort: 8080 }] },
  },
];

export interface Stage {
  readonly server: KubernetesServer;
  readonly cluster: ClusterClient;
}

/** Runs with a fresh server and a client that has a deployer's rights and no more. */
export async function onStage(
  options: KubernetesOptions,
  play: (stage: Stage) => Promise<void>,
): Promise<void> {
  const server = await startKubernetes({ access: { token: deployerOf('apps') }, ...options });
  const cluster = createCluster({ server: server.url, token: 'token', namespace: 'apps' });
  try {
    await play({ server, cluster });
  } finally {
    cluster.close();
    await server.close();
  }
}

/** The release of one digit, told apart by it in its image and its version. */
export const release = (
  { cluster }: Stage,
  digit: string,
  over: Partial<ReleaseOptions> = {},
): ReturnType<typeof deployObjects> =>
  deployObjects({
    cluster,
    objects: objectsOf(digit),
    image: imageOf(digit),
    clock: fastClock,
    runFacts: factsOf(digit),
    ...over,
  });
