import { setTimeout as sleep } from 'node:timers/promises';
import { parsePod, type Pod } from '@modelpier/backstage-plugin-modelpier-common';
import {
  type ClusterClient,
  type KubernetesObject,
  loadCluster,
} from '@modelpier/backstage-plugin-modelpier-node';
import { BAD_IMAGE, GOOD_IMAGE, NAMESPACE, type System, systems } from './kubernetes-system';

/** A real node pulls images and starts processes. */
const BEGINS_MS = 60_000;

const deployment = (name: string, image: string): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: NAMESPACE },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [{ name: 'main', image, resources: { requests: { cpu: '10m', memory: '16Mi' } } }],
      },
    },
  },
});

/** What is there to read of a container. */
describe.each(systems)('$name', system => {
  let cluster: ClusterClient;
  let started: Awaited<ReturnType<System['start']>>;

  const remove = async () => {
    for (const name of ['contract-silent', 'contract-never'])
      await cluster.deleteObject({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: NAMESPACE, name });
  };
  const podOf = async (name: string, isThere: (pod: Pod) => boolean): Promise<Pod> => {
    const selection = { apiVersion: 'v1', kind: 'Pod', namespace: NAMESPACE, labelSelector: `app=${name}` };
    const deadline = Date.now() + BEGINS_MS;
    while (Date.now() < deadline) {
      for await (const object of cluster.listObjects(selection)) {
        if (isThere(parsePod(object))) return parsePod(object);
      }
      await sleep(50);
    }
    throw new Error(`no pod of ${name} came as far as that`);
  };
  const read = ({ metadata: { name } }: Pod, previous = false) =>
    cluster.readLog({ namespace: NAMESPACE, name }, { container: 'main', previous });

  beforeAll(async () => {
    started = await system.start();
    cluster = await loadCluster({ kubeconfig: started.kubeconfig });
    await remove();
  });

  afterAll(async () => {
    await remove();
    cluster.close();
    await started.stop();
  });

  it('has an empty log of what runs and says nothing, and none of a run before the first', async () => {
    await cluster.applyObject(deployment('contract-silent', GOOD_IMAGE), { fieldManager: 'contract-logs' });
    const pod = await podOf(
      'contract-silent',
      ({ status }) => status?.containerStatuses?.[0]?.state?.running !== undefined,
    );
    expect(await read(pod)).toBe('');
    expect(await read(pod, true)).toBeUndefined();
  });

  it('has no log of what never began', async () => {
    await cluster.applyObject(deployment('contract-never', BAD_IMAGE), { fieldManager: 'contract-logs' });
    const pod = await podOf(
      'contract-never',
      ({ status }) => status?.containerStatuses?.[0]?.state?.waiting?.reason?.includes('Image') === true,
    );
    expect(await read(pod)).toBeUndefined();
    expect(await read(pod, true)).toBeUndefined();
  });
});
