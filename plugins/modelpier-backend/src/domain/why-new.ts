import {
  type Digest,
  explainNewLayers,
  type LintedLayer,
  type NewLayerReason,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { ComparedLayer } from './compare-images';
import type { KeptConfig } from './fetched-manifest';

/** An image with what is known of the content of its layers. */
export interface LintedImage {
  readonly layers: readonly Pick<ComparedLayer, 'digest' | 'kind' | 'files'>[];
  readonly config: KeptConfig | undefined;
}

/** Reasons that show without knowing which files a layer holds. */
const WITHOUT_FILES: readonly NewLayerReason[] = ['recompressed', 'squashed', 'base-changed'];

/** Why layers are not those of the version before, as far as that is to be seen. */
export function whyNew(image: LintedImage, before: LintedImage): ReadonlyMap<Digest, NewLayerReason> {
  const [now, then] = [image.config?.created, before.config?.created];
  const isRedated = now !== undefined && then !== undefined && now !== then;
  const reasons = explainNewLayers(lint(image), lint(before), { isRedated });
  const silent = new Set(image.layers.filter(({ files }) => files === null).map(({ digest }) => digest));
  return new Map(
    [...reasons].filter(([digest, reason]) => !silent.has(digest) || WITHOUT_FILES.includes(reason)),
  );
}

const lint = ({ layers, config }: LintedImage): readonly LintedLayer[] =>
  layers.map(({ digest, kind, files }, position) => ({
    digest,
    diffId: config?.diffIds[position],
    isBase: kind === 'base',
    files: files ?? [],
  }));
