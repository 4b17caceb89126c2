import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type { ClusterClient, KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import type { AppliedObject } from './apply';
import { fastClock } from './deploy.fixture';
import { freeStuckPods } from './stuck-pods';

const set: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'mnist', namespace: 'apps', uid: 's', generation: 2 },
  spec: { selector: { matchLabels: { app: 'mnist' } } },
  status: { observedGeneration: 2, currentRevision: 'one', updateRevision: 'one' },
};
const stuck: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'mnist-0',
    namespace: 'apps',
    uid: 'stuck',
    labels: { 'controller-revision-hash': 'two' },
    ownerReferences: [{ uid: 's', kind: 'StatefulSet', name: 'mnist' }],
  },
  spec: { containers: [{ name: 'model' }] },
};

/** Lists the pod that is stuck, while by the time of the delete the pod of that name has this uid. */
async function free(uidByThen: string): Promise<{ deleted: readonly string[]; notes: readonly string[] }> {
  const deleted: string[] = [];
  const notes: string[] = [];
  const cluster: Pick<ClusterClient, 'getObject' | 'listObjects' | 'deleteObject'> = {
    getObject: () => Promise.resolve(set),
    async *listObjects() {
      yield await Promise.resolve(stuck);
    },
    deleteObject: (_ref, { uid = uidByThen } = {}) => {
      if (uid !== uidByThen) return Promise.reject(new ModelpierError('conflict', 'the UID does not match'));
      deleted.push(uid);
      return Promise.resolve(true);
    },
  };
  await freeStuckPods([{ object: set } as unknown as AppliedObject], {
    cluster: cluster as ClusterClient,
    clock: fastClock,
    onNote: note => notes.push(note),
  });
  return { deleted, notes };
}

it('deletes the pod that a StatefulSet would wait for', async () => {
  expect(await free('stuck')).toEqual({
    deleted: ['stuck'],
    notes: ['deleted Pod/apps/mnist-0, which its StatefulSet would wait for before it goes back'],
  });
});

it('leaves a successor of the same name alone', async () => {
  expect(await free('successor')).toEqual({ deleted: [], notes: [] });
});
