import { formatRepository, type Repository } from '@modelpier/backstage-plugin-modelpier-common';
import {
  copyImage,
  copyTag,
  type RegistryPorts,
  type Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';
import type { BuildEvent } from '../image/event';
import type { FoundImage } from './find-image';

export interface AddTagsOptions extends Waiting {
  readonly repositories: readonly Repository[];
  readonly tags: readonly string[];
  /** Done when the image is in every repository. */
  readonly beforeTags?: (() => Promise<void>) | undefined;
  readonly onEvent: (event: BuildEvent) => void;
}

/**
 * Gives the image more tags, in the repository where it was found without moving a byte. Other repositories get what
 * they lack of it. Answers whether any tag was new.
 */
export async function addTags(
  registry: RegistryPorts,
  { root }: FoundImage,
  { repositories: [home, ...others], tags, beforeTags, onEvent, signal }: AddTagsOptions,
): Promise<boolean> {
  if (home === undefined) throw new TypeError('there is no repository to promote in');
  for (const to of others)
    await copyImage(registry, { from: home, tagOrDigest: root.digest, to, tags: [], signal });
  await beforeTags?.();
  let isChanged = false;
  for (const repository of [home, ...others]) {
    for (const to of tags) {
      const { changed } = await copyTag(registry, repository, { from: root.digest, to, signal });
      onEvent({ type: 'tag', target: formatRepository(repository), tag: to, changed });
      isChanged ||= changed;
    }
  }
  return isChanged;
}
