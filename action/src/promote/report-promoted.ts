import {
  type Digest,
  formatReference,
  IMAGE_MODEL_DIGEST,
  isDigest,
  LAYER_KIND,
  LAYER_KINDS,
  type ReportedImage,
  type ReportedLayer,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import { layerFiles } from '../image/layer-files';
import type { FoundImage, FoundPlatform } from './find-image';

interface Promoted {
  readonly repository: Repository;
  readonly tags: readonly string[];
  readonly changed: boolean;
}

/** What the report says of an image that was there already; nothing of one that does not say what it holds. */
export function reportPromoted(
  { root, platforms }: FoundImage,
  { repository: { registry, path }, tags, changed }: Promoted,
): ReportedImage | undefined {
  const [first] = platforms;
  const modelDigest = modelDigestOf(first);
  if (modelDigest === undefined) return undefined;
  const isSeveral = platforms.length > 1;
  const layers = platforms.flatMap(each => layersOf(each, isSeveral));
  return {
    reference: formatReference({ registry, path, digest: root.digest }),
    digest: root.digest,
    configDigest: first.manifest.config.digest,
    tags,
    platform: first.platform,
    ...(isSeveral && { platforms: platforms.map(platformOf) }),
    modelDigest,
    changed,
    bytesTotal: sum(layers),
    bytesPushed: 0,
    bytesReused: sum(layers),
    reuse: notMeasured(first),
    layers,
  };
}

function modelDigestOf({ manifest, config }: FoundPlatform): Digest | undefined {
  const labels = { ...config.config?.Labels, ...manifest.annotations };
  const digest = labels[IMAGE_MODEL_DIGEST];
  return digest !== undefined && isDigest(digest) ? digest : undefined;
}

const layersOf = ({ manifest, platform }: FoundPlatform, isSeveral: boolean): readonly ReportedLayer[] =>
  manifest.layers.map(({ digest, size, annotations = {} }) => ({
    digest,
    sizeBytes: size,
    kind: LAYER_KINDS.find(kind => kind === annotations[LAYER_KIND]) ?? 'base',
    fate: 'present',
    files: layerFiles(annotations),
    ...(isSeveral && { platform }),
  }));

const platformOf = (found: FoundPlatform): NonNullable<ReportedImage['platforms']>[number] => ({
  platform: found.platform,
  digest: found.digest,
  configDigest: found.manifest.config.digest,
  reuse: notMeasured(found),
});

const notMeasured = ({ manifest: { layers } }: FoundPlatform): ReportedImage['reuse'] => ({
  ratio: null,
  totalBytes: layers.reduce((total, { size }) => total + size, 0),
  newBytes: 0,
  reason: 'promoted: the very image that was built before, so nothing is new',
});

const sum = (layers: readonly ReportedLayer[]): number =>
  layers.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
