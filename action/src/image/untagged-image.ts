import type {
  Descriptor,
  Digest,
  Platform,
  Reference,
  Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { FileDigest } from '../layer/model-digest';
import type { Publication } from './assemble-index';

/** An image that is in its repositories, or would be by a push, and that its tags do not name yet. */
export interface UntaggedImage {
  /** Of the one image, or of the index over several. */
  readonly root: Pick<Descriptor, 'mediaType' | 'digest' | 'size'>;
  readonly repositories: readonly Repository[];
  readonly modelDigest: Digest;
  /** Model files and code. */
  readonly files: readonly FileDigest[];
  /** What it stands on, for each platform; none where that is not known. */
  readonly bases: readonly UsedBase[];
}

export interface UsedBase {
  readonly platform: Platform;
  readonly reference: Reference;
  readonly digest: Digest;
}

export const untaggedImage = (
  { root: { mediaType, digest, bytes } }: Publication,
  { repositories, modelDigest, files, bases }: Omit<UntaggedImage, 'root'>,
): UntaggedImage => ({
  root: { mediaType, digest, size: bytes.length },
  repositories,
  modelDigest,
  files,
  bases: bases.map(base => ({ platform: base.platform, reference: base.reference, digest: base.digest })),
});

/** What is said of an image before it gets its tags, such as a signature: a tag never names an unsigned image. */
export type BeforeTags = (image: UntaggedImage) => Promise<void>;
