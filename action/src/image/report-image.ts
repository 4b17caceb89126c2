import {
  compressedImage,
  computeReuse,
  type Digest,
  formatPlatform,
  formatReference,
  isSent,
  type ReportedCopy,
  type ReportedImage,
  type ReportedLayer,
  type ReportedPlatform,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { AssembledImage } from './assemble';
import type { Publication } from './assemble-index';
import type { BaseImage } from './base-image';
import type { Fates } from './pack-and-push';
import type { Previous } from './previous';
import type { WhyNew } from './why-new';

/** An image of one platform and what it is compared with. */
export interface BuiltPlatform {
  readonly base: Base;
  readonly image: AssembledImage;
  readonly previous: Previous;
  readonly whyNew: WhyNew;
}

/** The layers that are not our own; the image that they come from, where that is known. */
type Base = Pick<BaseImage, 'platform'> & {
  readonly manifest: Pick<BaseImage['manifest'], 'layers'>;
} & Partial<Pick<BaseImage, 'reference' | 'digest'>>;

/** A repository that has the image, and how it came there. */
export interface Destination {
  readonly repository: Repository;
  readonly fates: Fates;
  readonly changed: boolean;
}

interface Built {
  readonly publication: Publication;
  /** At least one. */
  readonly platforms: readonly BuiltPlatform[];
  /** Our own layers, the same on every platform. */
  readonly layers: readonly Pick<ReportedLayer, 'kind' | 'files'>[];
  /** The one that is deployed from comes first. */
  readonly destinations: readonly Destination[];
  readonly tags: readonly string[];
  readonly modelDigest: Digest;
}

/** What the run report says of an image and of how it came into the registry. */
export function reportImage(built: Built): ReportedImage {
  const { publication, platforms, destinations, tags, modelDigest } = built;
  const [first] = platforms;
  const [target, ...others] = destinations;
  if (first === undefined || target === undefined) throw new TypeError('no image was built, or for nowhere');
  const layers = reportLayers(built, target.fates);
  return {
    reference: referenceOf(built, target),
    digest: publication.root.digest,
    configDigest: first.image.config.digest,
    tags,
    platform: formatPlatform(first.base.platform),
    ...(platforms.length > 1 && { platforms: platforms.map(reportPlatform), sharing: sharingOf(platforms) }),
    ...(others.length > 0 && { copies: others.map(copy => reportCopy(built, copy)) }),
    ...reportBase(first),
    modelDigest,
    changed: destinations.some(({ changed }) => changed),
    ...bytesOf(layers),
    reuse: reportReuse(first),
    layers,
  };
}

function reportBase({ base: { reference, digest } }: BuiltPlatform): Pick<ReportedImage, 'base'> {
  if (reference === undefined || digest === undefined) return {};
  return { base: { reference: formatReference(reference), digest } };
}

const referenceOf = (
  { publication: { root } }: Built,
  { repository: { registry, path } }: Destination,
): string => formatReference({ registry, path, digest: root.digest });

function reportCopy(built: Built, copy: Destination): ReportedCopy {
  const { bytesPushed, bytesReused } = bytesOf(reportLayers(built, copy.fates));
  return { reference: referenceOf(built, copy), changed: copy.changed, bytesPushed, bytesReused };
}

function bytesOf(layers: readonly ReportedLayer[]) {
  const bytesTotal = sum(layers);
  const bytesPushed = sum(layers.filter(({ fate }) => isSent(fate)));
  return { bytesTotal, bytesPushed, bytesReused: bytesTotal - bytesPushed };
}

/** Every layer of every platform: one that stands twice is stored and sent once, and then present. */
function reportLayers({ platforms, layers }: Built, fates: Fates): readonly ReportedLayer[] {
  const known = new Set<Digest>();
  return platforms.flatMap(({ base, image, whyNew }) =>
    image.manifest.layers.map(({ digest, size }, position): ReportedLayer => {
      const own = layers[position - base.manifest.layers.length];
      const fate = known.has(digest) ? 'present' : (fates.get(digest) ?? 'present');
      known.add(digest);
      const reason = whyNew.get(digest);
      return {
        digest,
        sizeBytes: size,
        kind: own?.kind ?? 'base',
        fate,
        files: own?.files ?? [],
        ...(platforms.length > 1 && { platform: formatPlatform(base.platform) }),
        ...(reason !== undefined && { whyNew: reason }),
      };
    }),
  );
}

const reportPlatform = (built: BuiltPlatform): ReportedPlatform => ({
  platform: formatPlatform(built.base.platform),
  digest: built.image.digest,
  configDigest: built.image.config.digest,
  ...(built.base.digest !== undefined && { baseDigest: built.base.digest }),
  reuse: reportReuse(built),
});

/** What the platforms of one index have in common; releases are only compared platform by platform. */
function sharingOf(platforms: readonly BuiltPlatform[]): ReportedImage['reuse'] {
  const images = platforms.map(({ image }) => compressedImage(image.manifest));
  return shownReuse(computeReuse(images, null, { mode: 'fleet', basis: 'compressed' }));
}

function reportReuse({ base, image, previous }: BuiltPlatform): ReportedImage['reuse'] {
  const platform = formatPlatform(base.platform);
  const origin = { platform, baseKeys: new Set<string>(base.manifest.layers.map(({ digest }) => digest)) };
  const baseline = {
    none: null,
    unknown: [{ basis: 'compressed' as const, layers: null, platform }],
    image: previous.kind === 'image' ? [compressedImage(previous.manifest, { platform })] : null,
  }[previous.kind];
  const images = [compressedImage(image.manifest, origin)];
  return shownReuse(computeReuse(images, baseline, { mode: 'release', basis: 'compressed' }));
}

const shownReuse = ({
  ratio,
  totalBytes,
  newBytes,
  reason,
}: ReturnType<typeof computeReuse>): ReportedImage['reuse'] => ({
  ratio,
  totalBytes,
  newBytes,
  ...(reason !== undefined && { reason }),
});

const sum = (layers: readonly ReportedLayer[]): number =>
  layers.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
