import {
  formatDeployed,
  formatRepository,
  isSameRepository,
  mapContainerImages,
  ModelpierError,
  parseReference,
  type Reference,
  templateContainers,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';

export interface PinOptions {
  readonly image: Reference;
  /** `Kind/name/container`: takes the image whatever it named before; wins over matching by repository. */
  readonly containers?: readonly string[] | undefined;
}

/**
 * The objects with the pushed digest on the containers that are meant: those named, else those whose image is of
 * the same repository. Throws where there is none, or where a named one is not found.
 */
export function pinImage(
  objects: readonly KubernetesObject[],
  { image, containers = [] }: PinOptions,
): readonly KubernetesObject[] {
  const named = new Set(containers);
  const isMeant = named.size > 0 ? (key: string): boolean => named.has(key) : undefined;
  const pinned = new Set<string>();
  const reference = formatDeployed(image);
  const result = objects.map(object =>
    mapContainerImages(object, container => {
      const key = `${object.kind}/${object.metadata.name}/${container.name}`;
      if (!(isMeant?.(key) ?? isOfRepository(container.image, image))) return container.image;
      pinned.add(key);
      return reference;
    }),
  );
  const missing = containers.filter(key => !pinned.has(key));
  if (pinned.size === 0 || missing.length > 0) throw nothingPinned(objects, image, missing);
  return result;
}

/** Compares parsed references: a port is no tag, and a shared prefix no match. */
function isOfRepository(given: string | undefined, image: Reference): boolean {
  if (given === undefined) return false;
  try {
    return isSameRepository(parseReference(given), image);
  } catch {
    // A placeholder such as IMAGE is not a reference, and so not of the repository.
    return false;
  }
}

function nothingPinned(
  objects: readonly KubernetesObject[],
  image: Reference,
  missing: readonly string[],
): ModelpierError {
  const seen = objects.flatMap(object =>
    templateContainers(object).map(
      ({ name, image: given }) => `${object.kind}/${object.metadata.name}/${name} (${given ?? 'no image'})`,
    ),
  );
  const lacks =
    missing.length > 0
      ? `there is no container ${missing.join(', ')}`
      : `no container's image is of ${formatRepository(image)}`;
  const there = seen.length === 0 ? 'the manifests have no containers' : `there are ${seen.join(', ')}`;
  return new ModelpierError('invalid-input', `set the image in the manifests: ${lacks}; ${there}`, {
    hint: "write the repository as the container's image, or name the container with the input `container`: Kind/name/container",
  });
}
