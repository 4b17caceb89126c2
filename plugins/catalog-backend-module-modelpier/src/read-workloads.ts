import { hasCode, MODEL_LABEL } from '@modelpier/backstage-plugin-modelpier-common';
import type { ClusterConfig, ObjectReader, Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import type { FoundWorkload } from './model-component';
import { parseWorkload, WORKLOAD_KINDS } from './workload';

/** The workloads of a cluster that say which model they serve. */
export async function readWorkloads(
  reader: ObjectReader,
  { name, namespaces = [] }: Pick<ClusterConfig, 'name' | 'namespaces'>,
  { signal }: Waiting,
): Promise<readonly FoundWorkload[]> {
  const found: FoundWorkload[] = [];
  for (const kind of WORKLOAD_KINDS) {
    try {
      for (const namespace of namespaces.length === 0 ? [undefined] : namespaces) {
        const selection = { apiVersion: 'apps/v1', kind, labelSelector: MODEL_LABEL, namespace };
        for await (const object of reader.listObjects(selection, { signal })) {
          const workload = tryParse(object);
          if (workload !== undefined) found.push({ cluster: name, workload });
        }
      }
    } catch (error) {
      // Deployments are what everybody may read who is to see any workload.
      if (kind === 'Deployment' || !hasCode(error, 'forbidden', 'not-served')) throw error;
    }
  }
  return found;
}

/** One object that we cannot read must not hide all others. */
function tryParse(object: unknown): FoundWorkload['workload'] | undefined {
  try {
    return parseWorkload(object);
  } catch (error) {
    if (hasCode(error, 'invalid-document')) return undefined;
    throw error;
  }
}
