import {
  formatRepository,
  mapContainerImages,
  type Reference,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { stringify } from 'yaml';

/**
 * Generated objects as a file to keep in the repository and to name in `manifests`: without what each release sets
 * anew (the digest, the namespace, the facts of the run).
 */
export function ejectManifests(objects: readonly KubernetesObject[], image: Reference): string {
  const repository = formatRepository(image);
  return objects
    .map(({ metadata: { name, labels }, ...object }) => {
      const kept = { ...object, metadata: { name, labels } };
      return stringify(
        sorted(mapContainerImages(kept, () => repository)),
        // Each place says what it means; anchors are for machines.
        { aliasDuplicateObjects: false },
      );
    })
    .join('---\n');
}

/** The order in which people write them. */
function sorted({ apiVersion, kind, metadata, ...rest }: KubernetesObject): object {
  return { apiVersion, kind, metadata, ...rest };
}
