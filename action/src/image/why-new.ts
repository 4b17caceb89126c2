import {
  type Digest,
  explainNewLayers,
  LAYER_FILES,
  type LintedLayer,
  type NewLayerReason,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { BlobReader, Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import type { PackedLayer } from '../layer/pack';
import { layerFiles } from './layer-files';
import type { BaseImage } from './base-image';
import type { BuildEvent } from './event';
import { baseLayer, nameOf } from './pack-and-push';
import { type Previous, readConfig } from './previous';

interface Compared {
  readonly base: BaseImage;
  readonly previous: Previous;
}

interface CompareOptions extends Waiting {
  /** Where the version before is. */
  readonly repository: Repository;
  /** Our own layers, the same on every platform. */
  readonly layers: readonly PackedLayer[];
  /** The time that every file and the image carry. */
  readonly created: string;
  readonly onEvent: (event: BuildEvent) => void;
}

export type WhyNew = ReadonlyMap<Digest, NewLayerReason>;

/** Tells of each layer that the version before lacks why that is; the answer goes into the report. */
export async function explainPlatforms<P extends Compared>(
  registry: BlobReader,
  platforms: readonly P[],
  options: CompareOptions,
): Promise<readonly (P & { readonly whyNew: WhyNew })[]> {
  const { layers, onEvent } = options;
  const explained: (P & { readonly whyNew: WhyNew })[] = [];
  const told = new Set<Digest>();
  for (const platform of platforms) {
    const whyNew = await explainLayers(registry, platform, options);
    for (const layer of [...platform.base.manifest.layers.map(baseLayer), ...layers.map(nameOf)]) {
      const reason = whyNew.get(layer.digest);
      if (reason !== undefined && !told.has(layer.digest)) onEvent({ type: 'new-layer', layer, reason });
      told.add(layer.digest);
    }
    explained.push({ ...platform, whyNew });
  }
  return explained;
}

/** Asks the registry only where the version before lacks a layer. */
async function explainLayers(
  registry: BlobReader,
  { base, previous }: Compared,
  { repository, layers, created, signal }: CompareOptions,
): Promise<WhyNew> {
  if (previous.kind !== 'image') return new Map();
  const linted = lint(base, layers);
  const known = new Set(previous.manifest.layers.map(({ digest }) => digest));
  if (linted.every(({ digest }) => known.has(digest))) return new Map();
  const config = await readConfig(registry, repository, previous, signal);
  const before = previous.manifest.layers.map(({ digest, annotations = {} }, position) => ({
    digest,
    diffId: config?.rootfs.diff_ids[position],
    isBase: annotations[LAYER_FILES] === undefined,
    files: layerFiles(annotations),
  }));
  const isRedated = config?.created !== undefined && config.created !== created;
  return explainNewLayers(linted, before, { isRedated });
}

const lint = ({ manifest, config }: BaseImage, layers: readonly PackedLayer[]): readonly LintedLayer[] => [
  ...manifest.layers.map(({ digest }, position) => ({
    digest,
    diffId: config.rootfs.diff_ids[position],
    isBase: true,
    files: [],
  })),
  ...layers.map(({ descriptor, diffId, files }) => ({
    digest: descriptor.digest,
    diffId,
    isBase: false,
    files,
  })),
];
