import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  type ComponentEntity,
} from '@backstage/catalog-model';
import { IMAGE_ANNOTATION } from '@modelpier/backstage-plugin-modelpier-common';
import type { ProviderConfig } from './provider-config';
import type { Sighting } from './sightings';

type Shape = Pick<ProviderConfig, 'owner' | 'namespace' | 'entityType'>;

/** One component for each model, whichever clusters serve it and registries keep it. */
export function modelComponents(found: readonly Sighting[], shape: Shape): readonly ComponentEntity[] {
  const byModel = new Map<string, Sighting[]>();
  for (const each of found) byModel.set(each.name, [...(byModel.get(each.name) ?? []), each]);
  return [...byModel].map(([name, sightings]) => modelComponent(name, sightings, shape));
}

function modelComponent(
  name: string,
  sightings: readonly Sighting[],
  { owner, namespace, entityType }: Shape,
): ComponentEntity {
  const repositories = distinct(sightings.flatMap(({ repository }) => repository ?? []));
  const of = (kind: string) =>
    distinct(sightings.filter(({ source }) => source.kind === kind).map(({ source }) => source.name));
  const [clusters, registries] = [of('cluster'), of('registry')];
  const location = `modelpier:${[...clusters, ...registries].join(',')}`;
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      namespace,
      description:
        clusters.length > 0 ? `Serves in ${clusters.join(', ')}` : `Kept in ${registries.join(', ')}`,
      annotations: {
        [ANNOTATION_LOCATION]: location,
        [ANNOTATION_ORIGIN_LOCATION]: location,
        ...(repositories.length > 0 && { [IMAGE_ANNOTATION]: repositories.join(',') }),
      },
    },
    spec: { type: entityType, lifecycle: 'production', owner },
  };
}

const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)].toSorted();
