import { type Entity, RELATION_OWNED_BY, stringifyEntityRef } from '@backstage/catalog-model';
import {
  formatRepository,
  IMAGE_ANNOTATION,
  parseRepository,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';

/** The keys of Backstage's kubernetes plugin, so that nobody annotates twice. */
const SELECTOR_ANNOTATION = 'backstage.io/kubernetes-label-selector';
const NAMESPACE_ANNOTATION = 'backstage.io/kubernetes-namespace';

/** A catalog entity as the collectors see it; every problem of its annotations is told, none is fatal. */
export interface ModelEntity {
  readonly entityRef: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly title: string | null;
  readonly owner: string | null;
  readonly workloadNamespace: string | null;
  readonly workloadSelector: string | null;
  readonly repositories: readonly Repository[];
  readonly problems: readonly string[];
}

/** Annotations are written by anybody who may register an entity: only configured hosts are ever asked. */
export function readModelEntity(entity: Entity, registries: ReadonlySet<string>): ModelEntity {
  const { annotations = {}, namespace = 'default', name, title } = entity.metadata;
  const problems: string[] = [];
  return {
    entityRef: stringifyEntityRef(entity),
    kind: entity.kind.toLowerCase(),
    namespace,
    name,
    title: title?.slice(0, 255) ?? null,
    owner: ownerOf(entity),
    workloadNamespace: annotations[NAMESPACE_ANNOTATION]?.slice(0, 255) ?? null,
    workloadSelector: annotations[SELECTOR_ANNOTATION] ?? null,
    repositories: readRepositories(annotations[IMAGE_ANNOTATION] ?? '', { registries, problems }),
    problems,
  };
}

function readRepositories(
  written: string,
  { registries, problems }: { registries: ReadonlySet<string>; problems: string[] },
): readonly Repository[] {
  const found = new Map<string, Repository>();
  for (const part of written.split(',').map(each => each.trim())) {
    if (part === '') continue;
    try {
      const repository = parseRepository(part);
      if (registries.has(repository.registry)) found.set(formatRepository(repository), repository);
      else
        problems.push(
          `${formatRepository(repository)}: the portal does not know the registry ${repository.registry}; add it to modelpier.registries or correct ${IMAGE_ANNOTATION}`,
        );
    } catch (error) {
      problems.push(`${IMAGE_ANNOTATION}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return [...found.values()];
}

function ownerOf(entity: Entity): string | null {
  const related = entity.relations?.find(({ type }) => type === RELATION_OWNED_BY)?.targetRef;
  const written = related ?? entity.spec?.owner;
  return typeof written === 'string' ? written.slice(0, 255) : null;
}
