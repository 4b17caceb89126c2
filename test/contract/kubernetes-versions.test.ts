import {
  type ApplyOptions,
  type ClusterClient,
  type KubernetesObject,
  loadCluster,
} from '@modelpier/backstage-plugin-modelpier-node';
import { NAMESPACE, type System, systems } from './kubernetes-system';

const managersOf = ({ metadata }: KubernetesObject): readonly { readonly manager: string }[] =>
  (metadata as { managedFields?: readonly { readonly manager: string }[] }).managedFields ?? [];

/** What keeps two writers of one object apart. */
describe.each(systems)('$name', system => {
  let cluster: ClusterClient;
  let started: Awaited<ReturnType<System['start']>>;

  const REF = { apiVersion: 'v1', kind: 'ConfigMap', namespace: NAMESPACE, name: 'contract-versions' };
  const apply = (
    step: string,
    options: Partial<ApplyOptions> & { readonly over?: KubernetesObject } = {},
  ) => {
    const { over, ...others } = options;
    const resourceVersion = over?.metadata.resourceVersion;
    const { apiVersion, kind, ...metadata } = REF;
    return cluster.applyObject(
      { apiVersion, kind, metadata: { ...metadata, resourceVersion }, data: { step } },
      { fieldManager: 'contract-versions', ...others },
    );
  };

  beforeAll(async () => {
    started = await system.start();
    cluster = await loadCluster({ kubeconfig: started.kubeconfig });
  });
  beforeEach(() => cluster.deleteObject(REF));

  afterAll(async () => {
    await cluster.deleteObject(REF);
    cluster.close();
    await started.stop();
  });

  it('applies over the version that was read, and over no other', async () => {
    const { object: over } = await apply('0');
    expect(await apply('1', { over })).toMatchObject({ action: 'configured' });
    for (const force of [false, true])
      await expect(apply('2', { over, force })).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('the object has been modified') as string,
      });
    expect(await cluster.getObject(REF)).toMatchObject({ data: { step: '1' } });
  });

  it('takes fields from one manager to another by a patch of the version that was read', async () => {
    const made = await apply('0', { fieldManager: 'contract-before' });
    const [before] = managersOf(made.object);
    const managedFields = [{ ...before, manager: 'contract-after' }];
    const { resourceVersion } = made.object.metadata;
    const options = { fieldManager: 'contract-patch' };
    const patched = await cluster.patchObject(REF, { metadata: { resourceVersion, managedFields } }, options);
    expect(managersOf(patched).map(({ manager }) => manager)).toEqual(['contract-after']);
    await expect(apply('1', { fieldManager: 'contract-before' })).rejects.toMatchObject({
      message: expect.stringContaining('"contract-after" owns .data.step') as string,
    });
    await expect(
      cluster.patchObject(REF, { metadata: { resourceVersion }, data: { step: '2' } }, options),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  it('deletes the very object that was read, and no other of its name', async () => {
    const { object } = await apply('0');
    await cluster.deleteObject(REF, { uid: object.metadata.uid });
    await apply('1');
    await expect(cluster.deleteObject(REF, { uid: object.metadata.uid })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await cluster.getObject(REF)).toMatchObject({ data: { step: '1' } });
  });

  it('lets one of several that create an object, each as a manager of its own, win', async () => {
    const creators = ['ada', 'grace', 'joan'].map(async name => {
      try {
        await apply(name, { fieldManager: `contract-${name}` });
        return name;
      } catch (error) {
        return (error as { code: string }).code;
      }
    });
    const outcomes = await Promise.all(creators);
    const [winner, ...others] = outcomes.filter(outcome => outcome !== 'conflict');
    expect(others).toEqual([]);
    expect(await cluster.getObject(REF)).toMatchObject({ data: { step: winner } });
  });
});
