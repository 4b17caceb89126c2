import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { applySetId, parentObject, parentRef, readReach } from './parent';

const ref = parentRef('mnist', 'apps');
const reach = {
  kinds: [
    { group: '', kind: 'Service' },
    { group: 'apps', kind: 'Deployment' },
    { group: '', kind: 'ConfigMap' },
    { group: '', kind: 'Service' },
  ],
  namespaces: ['other', 'more', 'other'],
};
const readerOf = (parent: KubernetesObject | undefined): Parameters<typeof readReach>[0] => ({
  getObject: () => Promise.resolve(parent),
  listObjects: () => {
    throw new Error('nothing is listed');
  },
});

/** The check value of the specification, which kubectl 1.27 and later give for the same parent. */
it('computes the id of a parent as kubectl does', () => {
  const parent = { apiVersion: 'v1', kind: 'Secret', namespace: 'ml', name: 'prod-models' };
  expect(applySetId(parent)).toBe('applyset-9LUSpmLn8B1d7R8lEBXB-DOYAFUuZ0wa4wUb3rqiZnA-v1');
});

it('writes kinds and namespaces in order, each once, under the keys of kubectl', () => {
  const { metadata } = parentObject(ref, reach);
  expect(metadata.labels).toEqual({ 'applyset.kubernetes.io/id': applySetId(ref) });
  expect(metadata.annotations).toEqual({
    'applyset.kubernetes.io/tooling': 'modelpier/v1.0.0',
    'applyset.kubernetes.io/contains-group-kinds': 'ConfigMap,Deployment.apps,Service',
    'applyset.kubernetes.io/additional-namespaces': 'more,other',
  });
});

it('reads what it wrote', async () => {
  expect(await readReach(readerOf(parentObject(ref, reach)), ref, {})).toEqual({
    kinds: [
      { group: '', kind: 'ConfigMap' },
      { group: 'apps', kind: 'Deployment' },
      { group: '', kind: 'Service' },
    ],
    namespaces: ['more', 'other'],
  });
  expect(await readReach(readerOf(undefined), ref, {})).toBeUndefined();
});

it.each([
  ['of another tool', { annotations: { 'applyset.kubernetes.io/tooling': 'kubectl/v1.30.0' } }, 'kubectl'],
  ['that is no set at all', { annotations: {}, labels: {} }, 'no tool'],
  ['with the id of another', { labels: { 'applyset.kubernetes.io/id': 'applyset-x-v1' } }, 'applyset-x-v1'],
])('refuses a parent %s', async (_what, changes, names) => {
  const parent = parentObject(ref, reach);
  const changed = { ...parent, metadata: { ...parent.metadata, ...changes } };
  await expect(readReach(readerOf(changed), ref, {})).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(names) as string,
  });
});
