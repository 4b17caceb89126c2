import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { deployObjects } from './deploy';
import { factsOf, fastClock, imageOf, objectsOf, onStage, type Stage } from './deploy.fixture';
import type { ReleaseOptions } from './deploy-options';
import { planObjects } from './plan';

const settings = (name: string, fields: Record<string, unknown> = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  ...fields,
});
const optionsOf = (
  { cluster }: Stage,
  objects: readonly KubernetesObject[],
  over: Partial<ReleaseOptions> = {},
): ReleaseOptions => ({
  cluster,
  objects,
  image: imageOf('a'),
  clock: fastClock,
  runFacts: factsOf('a'),
  applySet: 'mnist',
  ...over,
});
const release = (...of: Parameters<typeof optionsOf>): ReturnType<typeof deployObjects> =>
  deployObjects(optionsOf(...of));

const PARENT = 'modelpier-applyset-mnist';
const namesOf = ({ server }: Stage): readonly string[] =>
  server
    .list('v1', 'ConfigMap')
    .map(({ metadata }) => metadata.name)
    .filter(name => !name.startsWith('modelpier-'));
const kindsOf = ({ server }: Stage): string | undefined =>
  server.list('v1', 'ConfigMap').find(({ metadata }) => metadata.name === PARENT)?.metadata.annotations?.[
    'applyset.kubernetes.io/contains-group-kinds'
  ];
const broken = {
  runContainer: ({ image }: { readonly image: string }) =>
    Promise.resolve({ kind: 'image-missing' as const, message: `${image}: not found` }),
};

it('deletes after a healthy verdict what the release has no more, and narrows the set', () =>
  onStage({}, async stage => {
    await release(stage, [...objectsOf('a'), settings('one'), settings('two')]);
    expect(kindsOf(stage)).toBe('ConfigMap,Deployment.apps,Service');
    const second = await release(stage, objectsOf('a'));
    expect(second.objects.filter(({ action }) => action === 'pruned').map(({ ref }) => ref.name)).toEqual([
      'one',
      'two',
    ]);
    expect(namesOf(stage)).toEqual([]);
    expect(kindsOf(stage)).toBe('Deployment.apps,Service');
  }));

it('tells in a plan what would be deleted, and deletes nothing', () =>
  onStage({}, async stage => {
    await release(stage, [settings('one'), settings('two')]);
    const plan = await planObjects(optionsOf(stage, [settings('two')]));
    expect(plan.objects.map(({ ref, action }) => `${ref.name} ${action}`)).toEqual([
      'two unchanged',
      'one pruned',
    ]);
    expect(namesOf(stage)).toEqual(['one', 'two']);
  }));

it('deletes nothing after a release that failed, and everything left after the next that is healthy', () =>
  onStage(broken, async stage => {
    await release(stage, [settings('one')]);
    const failed = await release(stage, objectsOf('a'));
    expect(failed.status).toBe('failed');
    expect(namesOf(stage)).toEqual(['one']);
    expect(kindsOf(stage)).toBe('ConfigMap,Deployment.apps,Service');
    await release(stage, [settings('three')]);
    expect(namesOf(stage)).toEqual(['three']);
    expect(stage.server.list('apps/v1', 'Deployment')).toEqual([]);
  }));

it('takes only what is its own: not what others made, nor what belongs to others', () =>
  onStage({}, async stage => {
    await release(stage, [settings('one')]);
    const part = stage.server.list('v1', 'ConfigMap').find(({ metadata }) => metadata.name === 'one');
    const ownerReferences = [{ apiVersion: 'v1', kind: 'Gadget', name: 'g', uid: 'u' }];
    const metadata = { name: 'owned', namespace: 'apps', labels: part?.metadata.labels, ownerReferences };
    stage.server.create(settings('owned', { metadata }));
    stage.server.create(settings('foreign', { metadata: { name: 'foreign', namespace: 'apps' } }));
    const warnings: string[] = [];
    await release(stage, [settings('two')], { onWarning: warning => warnings.push(warning) });
    expect(namesOf(stage)).toEqual(['foreign', 'owned', 'two']);
    expect(warnings).toEqual([
      'prune: ConfigMap/apps/owned is in no manifest any more and stays: it belongs to Gadget/g',
    ]);
  }));

it('never deletes a claim, and keeps it in the set', () =>
  onStage({ access: { token: { name: 'a', rules: [{ resources: ['*'], verbs: ['*'] }] } } }, async stage => {
    const claim = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data' },
      status: { phase: 'Bound' },
    };
    stage.server.create({ ...claim, metadata: { name: 'data', namespace: 'apps' } });
    await release(stage, [settings('one'), claim], { timeoutMs: 10_000 });
    await release(stage, [settings('one')]);
    expect(stage.server.list('v1', 'PersistentVolumeClaim')).toHaveLength(1);
    expect(kindsOf(stage)).toBe('ConfigMap,PersistentVolumeClaim');
  }));

it('is healthy with a warning where it may not delete', () => {
  const rules = [
    {
      namespace: 'apps',
      resources: ['configmaps', 'secrets', 'leases.coordination.k8s.io'],
      verbs: ['get', 'list', 'watch', 'create', 'patch'],
    },
  ];
  return onStage({ access: { token: { name: 'ada', rules } } }, async stage => {
    await release(stage, [settings('one'), settings('two')]);
    const warnings: string[] = [];
    const second = await release(stage, [settings('two')], { onWarning: warning => warnings.push(warning) });
    expect(second.status).toBe('unchanged');
    expect(warnings).toEqual([expect.stringMatching(/^prune: ConfigMap\/apps\/one .*"delete"/)]);
    expect(namesOf(stage)).toEqual(['one', 'two']);
  });
});

it('refuses a set of another tool before anything is applied', () =>
  onStage({}, async stage => {
    const annotations = { 'applyset.kubernetes.io/tooling': 'kubectl/v1.30.0' };
    stage.server.create(settings(PARENT, { metadata: { name: PARENT, namespace: 'apps', annotations } }));
    await expect(release(stage, [settings('one')])).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('"kubectl/v1.30.0"; nothing was applied') as string,
    });
    expect(namesOf(stage)).toEqual([]);
  }));
