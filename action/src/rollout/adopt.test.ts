import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { adoptFields } from './adopt';

const applied = (resourceVersion: number): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: 'digits',
    namespace: 'apps',
    resourceVersion: String(resourceVersion),
    managedFields: [
      {
        manager: 'kubectl-client-side-apply',
        operation: 'Update',
        apiVersion: 'v1',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:spec': { 'f:ports': {} } },
      },
    ],
  } as KubernetesObject['metadata'],
});

/** A cluster whose controllers write the object between each of so many reads and writes. */
function busy(writes: number) {
  let version = 1;
  const patched: unknown[] = [];
  return {
    patched,
    getObject: () => Promise.resolve(applied(version)),
    patchObject: (_: unknown, patch: Readonly<Record<string, unknown>>) => {
      if (version <= writes) {
        version++;
        return Promise.reject(new ModelpierError('conflict', 'the object has been modified'));
      }
      patched.push(patch);
      return Promise.resolve(applied(version));
    },
  };
}

it('adopts an object that its controllers write meanwhile, over the version that it read last', async () => {
  const cluster = busy(3);
  await adoptFields(applied(1), cluster, {});
  expect(cluster.patched).toMatchObject([{ metadata: { resourceVersion: '4' } }]);
});

it('gives up on an object that changes with each try', async () => {
  const cluster = busy(100);
  await expect(adoptFields(applied(1), cluster, {})).rejects.toMatchObject({ code: 'conflict' });
  expect(cluster.patched).toEqual([]);
});
