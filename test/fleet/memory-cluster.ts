import { parseLabelSelector } from '../../plugins/modelpier-backend/src/domain/label-selector';
import type { ClusterReader } from '../../plugins/modelpier-backend/src/collect/read-cluster';
import type { ClusterObjects } from './cluster-objects';

/** A cluster that answers without any network; for filling a database, not for testing a client. */
export const memoryCluster = (objects: ClusterObjects): ClusterReader => ({
  getObject: () => Promise.resolve(undefined),
  listObjects: async function* ({ kind, namespace, labelSelector }) {
    await Promise.resolve();
    const selects = labelSelector === undefined ? () => true : parseLabelSelector(labelSelector);
    for (const object of objects[kind] ?? []) {
      const isHere = namespace === undefined || object.metadata.namespace === namespace;
      if (isHere && selects?.(object.metadata.labels ?? {}) === true) yield object;
    }
  },
  servedKind: (_, kind) => Promise.resolve(kind in objects ? { plural: '', namespaced: true } : undefined),
  servedVersions: () => Promise.resolve([]),
  getJson: () => Promise.resolve({ pods: [] }),
});
