import { formatReference, type Reference } from '@modelpier/backstage-plugin-modelpier-common';
import { isWeights } from '../layer/compressible';
import type { ModelFile } from '../model/model-file';
import type { ResolvedBase } from './base-image';

/** `-v2`, `_1.4.0`, `-20250131`, `2025-01-31`, `epoch12`, `step-500`; no shard (`-00001-of-00003`), no size (`-8b`). */
const VERSIONED =
  /[-_.]v\d+(?:\.\d+)*(?=[-_.]|$)|\d+\.\d+\.\d+|20\d{2}-?\d{2}-?\d{2}|(?:epoch|step)[-_=]?\d+/i;

/** Weights whose name changes with each version share nothing with the version before. */
export function versionedNames(files: readonly ModelFile[]): readonly string[] {
  return files
    .map(({ path }) => path)
    .filter(path => isWeights(path) && VERSIONED.test(stem(path)))
    .map(
      path =>
        `${path} has a version in its name: the name is part of the layer (and, for TorchScript, of the file ` +
        'itself), so no byte is shared between versions; give the file one name and put the version in model-version',
    );
}

/** A base that a tag names is another one tomorrow. */
export function movingBase({ reference, digest }: ResolvedBase): readonly string[] {
  if (reference.digest !== undefined) return [];
  const pinned: Reference = { ...reference, digest };
  return [
    `base-image ${formatReference(reference)} is named by a tag, which moves; pin it: ${formatReference(pinned)}`,
  ];
}

const stem = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.[a-z]\w*$/i, '');
