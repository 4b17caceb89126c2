import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  type ComponentEntity,
} from '@backstage/catalog-model';
import {
  formatRepository,
  IMAGE_ANNOTATION,
  MODEL_LABEL,
  parseReference,
  WORKLOAD_IMAGE_ANNOTATION,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { ProviderConfig } from './provider-config';
import type { Workload } from './workload';

/** A workload that serves a model, and where it was seen. */
export interface FoundWorkload {
  readonly cluster: string;
  readonly workload: Workload;
}

/** The catalog's own rule for names; a label value may be something else. */
const ENTITY_NAME = /^(?:[A-Za-z0-9]+[-_.])*[A-Za-z0-9]+$/;

/** One component for each model, whichever clusters serve it. */
export function modelComponents(
  found: readonly FoundWorkload[],
  config: Pick<ProviderConfig, 'owner' | 'namespace' | 'entityType'>,
): readonly ComponentEntity[] {
  const byModel = new Map<string, FoundWorkload[]>();
  for (const each of found) {
    const name = each.workload.metadata.labels?.[MODEL_LABEL] ?? '';
    if (ENTITY_NAME.test(name)) byModel.set(name, [...(byModel.get(name) ?? []), each]);
  }
  return [...byModel].map(([name, workloads]) => modelComponent(name, workloads, config));
}

function modelComponent(
  name: string,
  workloads: readonly FoundWorkload[],
  { owner, namespace, entityType }: Pick<ProviderConfig, 'owner' | 'namespace' | 'entityType'>,
): ComponentEntity {
  const repositories = [...new Set(workloads.flatMap(each => repositoryOf(each.workload) ?? []))].toSorted();
  const clusters = [...new Set(workloads.map(each => each.cluster))].toSorted();
  const location = `modelpier:${clusters.join(',')}`;
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      namespace,
      description: `Serves in ${clusters.join(', ')}`,
      annotations: {
        [ANNOTATION_LOCATION]: location,
        [ANNOTATION_ORIGIN_LOCATION]: location,
        ...(repositories.length > 0 && { [IMAGE_ANNOTATION]: repositories.join(',') }),
      },
    },
    spec: { type: entityType, lifecycle: 'production', owner },
  };
}

/** What the run wrote on the workload; else the image of the first container. */
function repositoryOf({ metadata, spec }: Workload): string | undefined {
  const written =
    metadata.annotations?.[WORKLOAD_IMAGE_ANNOTATION] ?? spec.template.spec.containers[0]?.image ?? '';
  try {
    return formatRepository(parseReference(written));
  } catch {
    return undefined;
  }
}
