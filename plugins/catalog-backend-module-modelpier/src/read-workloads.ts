import {
  hasCode,
  MODEL_LABEL,
  parseReference,
  type Repository,
  WORKLOAD_IMAGE_ANNOTATION,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { ClusterConfig, ObjectReader, Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import { type FoundModel, foundModel } from './found-model';
import { parseWorkload, type Workload, WORKLOAD_KINDS } from './workload';

/** The models that workloads of a cluster say they serve. */
export async function readWorkloads(
  reader: ObjectReader,
  { namespaces = [] }: Pick<ClusterConfig, 'namespaces'>,
  { signal }: Waiting,
): Promise<readonly FoundModel[]> {
  const found: FoundModel[] = [];
  for (const kind of WORKLOAD_KINDS) {
    try {
      for (const namespace of namespaces.length === 0 ? [undefined] : namespaces) {
        const selection = { apiVersion: 'apps/v1', kind, labelSelector: MODEL_LABEL, namespace };
        for await (const object of reader.listObjects(selection, { signal })) {
          const model = readModel(object);
          if (model !== undefined) found.push(model);
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
function readModel(object: unknown): FoundModel | undefined {
  try {
    const workload = parseWorkload(object);
    return foundModel(workload.metadata.labels?.[MODEL_LABEL] ?? '', repositoryOf(workload));
  } catch (error) {
    if (hasCode(error, 'invalid-document')) return undefined;
    throw error;
  }
}

/** What the run wrote on the workload; else the image of the first container. */
function repositoryOf({ metadata, spec }: Workload): Repository | undefined {
  const written =
    metadata.annotations?.[WORKLOAD_IMAGE_ANNOTATION] ?? spec.template.spec.containers[0]?.image ?? '';
  try {
    return parseReference(written);
  } catch {
    return undefined;
  }
}
