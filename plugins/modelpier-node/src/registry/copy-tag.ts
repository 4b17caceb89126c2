import type { Descriptor, Digest, Repository } from '@modelpier/backstage-plugin-modelpier-common';
import type { ManifestReader, ManifestWriter, Waiting } from './ports';

export interface TagCopy extends Waiting {
  /** A tag or a digest. */
  readonly from: string;
  readonly to: string;
}

/**
 * Gives an image of a repository another tag, as a promotion does: its manifest is read and written
 * byte for byte, no blob moves. `changed` is false where the tag named the image already.
 */
export async function copyTag(
  registry: ManifestReader & ManifestWriter,
  repository: Repository,
  { from, to, signal }: TagCopy,
): Promise<{ readonly digest: Digest; readonly changed: boolean }> {
  const stored = await registry.getManifest(repository, from, { signal });
  const { digest } = stored;
  const head: Descriptor | undefined = await registry.headManifest(repository, to, { signal });
  if (head?.digest === digest) return { digest, changed: false };
  await registry.putManifest(repository, to, stored, { signal });
  return { digest, changed: true };
}
