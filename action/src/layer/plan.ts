import type { LayerKind } from '@modelpier/backstage-plugin-modelpier-common';
import { compareBytes, type ModelFile } from '../model/model-file';
import { isCompressible, isWeights } from './compressible';

const MIB = 1024 * 1024;
/** From here on a file's layer is worth sharing alone: it moves only when its own bytes change. */
const OWN_LAYER_BYTES = 64 * MIB;
/** Larger bundles would make one changed small file move too much. */
const MAX_BUNDLE_BYTES = 256 * MIB;

/** A layer to be: which files, in which order. */
export interface PlannedLayer {
  readonly kind: Exclude<LayerKind, 'base' | 'dockerfile'>;
  readonly files: readonly ModelFile[];
}

/**
 * Weights, then small model files, then code: a layer's place follows how seldom it changes.
 * Depends on paths and sizes alone. What compresses is never bundled with what does not.
 */
export function planLayers(
  modelFiles: readonly ModelFile[],
  codeFiles: readonly ModelFile[] = [],
): readonly PlannedLayer[] {
  const code = new Set(codeFiles.map(({ path }) => path));
  const files = sorted(modelFiles.filter(({ path }) => !code.has(path)));
  const large = files.filter(({ sizeBytes }) => sizeBytes >= OWN_LAYER_BYTES);
  const small = files.filter(({ sizeBytes }) => sizeBytes < OWN_LAYER_BYTES);
  const weights = small.filter(({ path }) => isWeights(path));
  const assets = small.filter(({ path }) => !isWeights(path));
  return [
    ...large.map(file => ({ kind: 'weights' as const, files: [file] })),
    ...bundle(weights).map(bundled => ({ kind: 'weights' as const, files: bundled })),
    ...bundle(assets.filter(({ path }) => !isCompressible(path))).map(asAssets),
    ...bundle(assets.filter(({ path }) => isCompressible(path))).map(asAssets),
    ...(codeFiles.length === 0 ? [] : [{ kind: 'code' as const, files: sorted(codeFiles) }]),
  ];
}

const asAssets = (files: readonly ModelFile[]): PlannedLayer => ({ kind: 'assets', files });

const sorted = (files: readonly ModelFile[]): readonly ModelFile[] =>
  [...files].sort((a, b) => compareBytes(a.path, b.path));

/** Fills bundles in the order of the files. */
function bundle(files: readonly ModelFile[]): readonly (readonly ModelFile[])[] {
  const bundles: ModelFile[][] = [];
  let room = 0;
  for (const file of files) {
    const current = bundles.at(-1);
    if (current === undefined || file.sizeBytes > room) {
      bundles.push([file]);
      room = MAX_BUNDLE_BYTES - file.sizeBytes;
    } else {
      current.push(file);
      room -= file.sizeBytes;
    }
  }
  return bundles;
}
