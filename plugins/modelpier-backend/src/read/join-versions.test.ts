import {
  type Deployment,
  deploymentsAnswer,
  type Digest,
  IMAGE_VERSION,
  type Repository,
  routes,
} from '@modelpier/backstage-plugin-modelpier-common';
import { modelEntity, type Portal, startPortal } from '../../../../test/portal/portal';
import { layerBytes, pinned, pushSample, sampleDeployment } from '../../../../test/portal/release';
import { startWorld, type World } from '../../../../test/portal/world';

const mnist = { kind: 'component', namespace: 'default', name: 'mnist' };
const UNKNOWN = `sha256:${'f'.repeat(64)}` as Digest;

let world: World;
let portal: Portal;
let old: Digest;
let current: Digest;
/** What the node runs for a Deployment, by its name; else what the pod template asks for. */
const running = new Map<string, Digest>();

beforeAll(async () => {
  world = await startWorld({
    runContainer: ({ image }, { metadata }) => {
      const [named = '', asked = current] = image.replace(/:[a-z0-9.]+$/, '').split('@');
      const workload = [...running.keys()].find(name => metadata.name.startsWith(`${name}-`));
      const digest = running.get(workload ?? '') ?? asked;
      return Promise.resolve({ kind: 'running', imageId: `docker-pullable://${named}@${digest}` });
    },
  });
  const { registry, client, cluster } = world;
  const repository: Repository = { registry: registry.host, path: 'acme/mnist' };
  const push = async (version: string) => {
    const image = { layers: [{ bytes: layerBytes(version, 10) }], annotations: { [IMAGE_VERSION]: version } };
    return (await pushSample(client, repository, image, version)).digest;
  };
  old = await push('1.0.0');
  current = await push('1.1.0');
  // The config says nothing of the annotation: two manifests, and to a node one image.
  const twin = (version: string) =>
    pushSample(
      client,
      repository,
      { layers: [{ bytes: layerBytes('twins', 10) }], annotations: { [IMAGE_VERSION]: version } },
      version,
    );
  const [{ digest: first }, { digest: second }] = [await twin('2.0.0'), await twin('2.1.0')];
  const tagged = `${repository.registry}/${repository.path}`;
  const asks: readonly (readonly [name: string, image: string, runs: Digest])[] = [
    ['by-digest', pinned(repository, current), current],
    ['other-by-digest', pinned(repository, current), old],
    ['by-tag', `${tagged}:1.1.0`, current],
    ['moved-tag', `${tagged}:1.1.0`, old],
    ['new-by-tag', `${tagged}:1.1.0`, UNKNOWN],
    ['from-elsewhere', 'ghcr.io/acme/elsewhere:1', UNKNOWN],
    ['twin', pinned(repository, first), second],
  ];
  for (const [name, image, runs] of asks) {
    running.set(name, runs);
    cluster.create(sampleDeployment({ name, model: 'mnist', image }));
  }
  await world.settled();
  portal = await startPortal({
    entities: [modelEntity('mnist', tagged)],
    config: { registries: [{ host: registry.host }], clusters: [{ name: 'test', url: cluster.url }] },
  });
}, 30_000);
afterAll(async () => {
  await portal.stop();
  await world.close();
});

it.each([
  ['by-digest', '1.1.0', false],
  // Somebody changed the pod behind the Deployment's back.
  ['other-by-digest', '1.0.0', true],
  ['by-tag', '1.1.0', false],
  // The tag was pushed again after the pods had pulled it.
  ['moved-tag', '1.0.0', true],
  // Pushed after the registry was read: the next collection will know it.
  ['new-by-tag', null, false],
  ['from-elsewhere', null, false],
  // The node tells the digest of the other manifest.
  ['twin', '2.0.0', false],
])('%s runs version %s, drift: %s', async (name, version, drift) => {
  const { items } = await portal.read(routes.deployments(mnist), deploymentsAnswer);
  const found: Deployment | undefined = items.find(({ workload }) => workload.name === name);
  expect(found).toMatchObject({ version, drift, runningDigests: [running.get(name)] });
});
