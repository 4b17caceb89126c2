import {
  compressedImage,
  computeReuse,
  type Digest,
  formatPlatform,
  formatReference,
  type Platform,
  type ReportedImage,
  type ReportedLayer,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { AssembledImage } from './assemble';
import type { BaseImage } from './base-image';
import { isSent } from './layer-pusher';
import type { PushedLayers } from './pack-and-push';
import type { Previous } from './previous';

interface Built extends PushedLayers {
  readonly base: BaseImage;
  readonly image: AssembledImage;
  readonly repository: Repository;
  readonly tags: readonly string[];
  readonly platform: Platform;
  readonly modelDigest: Digest;
  readonly changed: boolean;
  readonly previous: Previous;
}

/** What the run report says of an image and of how it came into the registry. */
export function reportImage(built: Built): ReportedImage {
  const { base, image, repository, tags, modelDigest, changed } = built;
  const layers = reportLayers(built);
  const bytesTotal = sum(layers);
  const bytesPushed = sum(layers.filter(({ fate }) => isSent(fate)));
  return {
    reference: formatReference({
      registry: repository.registry,
      path: repository.path,
      digest: image.digest,
    }),
    digest: image.digest,
    configDigest: image.config.digest,
    tags,
    platform: formatPlatform(built.platform),
    base: { reference: formatReference(base.reference), digest: base.digest },
    modelDigest,
    changed,
    bytesTotal,
    bytesPushed,
    bytesReused: bytesTotal - bytesPushed,
    reuse: reportReuse(built),
    layers,
  };
}

function reportLayers({ base, image, layers, fates }: Built): readonly ReportedLayer[] {
  const known = new Set<Digest>();
  return image.manifest.layers.map(({ digest, size }, position) => {
    const own = layers[position - base.manifest.layers.length];
    // A layer that stands twice in an image is stored and sent once.
    const fate = known.has(digest) ? 'present' : (fates.get(digest) ?? 'present');
    known.add(digest);
    return { digest, sizeBytes: size, kind: own?.kind ?? 'base', fate, files: own?.files ?? [] };
  });
}

function reportReuse({ base, image, previous, ...built }: Built): ReportedImage['reuse'] {
  const platform = formatPlatform(built.platform);
  const origin = { platform, baseKeys: new Set<string>(base.manifest.layers.map(({ digest }) => digest)) };
  const baseline = {
    none: null,
    unknown: [{ basis: 'compressed' as const, layers: null, platform }],
    image: previous.kind === 'image' ? [compressedImage(previous.manifest, { platform })] : null,
  }[previous.kind];
  const options = { mode: 'release', basis: 'compressed' } as const;
  const { ratio, totalBytes, newBytes, reason } = computeReuse(
    [compressedImage(image.manifest, origin)],
    baseline,
    options,
  );
  return { ratio, totalBytes, newBytes, ...(reason !== undefined && { reason }) };
}

const sum = (layers: readonly ReportedLayer[]): number =>
  layers.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
