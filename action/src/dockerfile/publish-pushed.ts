import {
  type Descriptor,
  type Digest,
  formatRepository,
  type ReportedImage,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { RegistryPorts, Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import type { ResolvedBase } from '../image/base-image';
import type { BuildEvent, LayerName } from '../image/event';
import { LayerPusher } from '../image/layer-pusher';
import { type Fates, untilPushed } from '../image/pack-and-push';
import { type Heads, type Previous, readTags } from '../image/previous';
import { publish } from '../image/publish';
import { type BuiltPlatform, reportImage } from '../image/report-image';
import { type BeforeTags, untaggedImage } from '../image/untagged-image';
import type { FileDigest } from '../layer/model-digest';
import { countBaseLayers, explainImage, fatesOf } from './layer-origins';
import type { Pushed, PushedImage } from './read-pushed';

interface PublishOptions extends Waiting {
  readonly base: ResolvedBase | undefined;
  /** Where the builder has pushed to. */
  readonly target: Repository;
  readonly heads: Heads;
  readonly previous: readonly Previous[];
  /** Layers that were in the target before the builder pushed. */
  readonly prepared: Fates;
  readonly modelDigest: Digest;
  readonly tags: readonly string[];
  readonly repositories: readonly Repository[];
  readonly onEvent: (event: BuildEvent) => void;
  readonly files: readonly FileDigest[];
  readonly beforeTags: BeforeTags | undefined;
}

/** Puts what a builder has pushed into the other repositories and under the other tags, and reports on it all. */
export async function publishPushed(
  registry: RegistryPorts,
  pushed: Pushed,
  options: PublishOptions,
): Promise<ReportedImage> {
  const { target, heads, repositories, tags, modelDigest, onEvent, signal } = options;
  const platforms: BuiltPlatform[] = [];
  for (const [position, image] of pushed.images.entries())
    platforms.push(await describe(registry, image, { ...options, position }));
  const fates = fatesOf(pushed.images, options);
  tellLayers(platforms, { fates, target, onEvent });

  const targets = [{ repository: target, heads, fates }];
  for (const repository of repositories.slice(1)) {
    const known = await readTags(registry, repository, { tags, platforms: [], signal });
    targets.push({
      repository,
      heads: known.heads,
      fates: await copyImages(registry, platforms, { from: target, repository, onEvent, signal }),
    });
  }
  const bases = platforms.flatMap(({ base: { platform, reference, digest } }) =>
    reference === undefined || digest === undefined ? [] : [{ platform, reference, digest }],
  );
  const untagged = untaggedImage(pushed, { repositories, modelDigest, files: options.files, bases });
  const changed = await publish(registry, pushed, {
    ...{ targets, tags, dryRun: false, signal },
    beforeTags: () => options.beforeTags?.(untagged) ?? Promise.resolve(),
    // What the builder has put there is told already, and would be told again as found.
    onEvent: event => {
      if (event.type !== 'manifest' || event.target !== formatRepository(target)) onEvent(event);
    },
  });
  const destinations = targets.map((to, position) => ({ ...to, changed: changed[position] === true }));
  const layers = pushed.images.flatMap(({ manifest }) => manifest.layers.map(() => DOCKERFILE_LAYER));
  return reportImage({ publication: pushed, platforms, layers, destinations, tags, modelDigest });
}

/** A layer that an instruction made; which files it holds, only its archive says. */
const DOCKERFILE_LAYER = { kind: 'dockerfile', files: [] } as const;

async function describe(
  registry: RegistryPorts,
  image: PushedImage,
  { base, previous, target, signal, position }: PublishOptions & { readonly position: number },
): Promise<BuiltPlatform> {
  const below = base?.images[position];
  const baseLayers = countBaseLayers(image, below);
  const version = previous[position] ?? { kind: 'none' };
  const { manifest, platform } = image;
  const known = baseLayers === 0 ? undefined : below;
  return {
    image,
    base: {
      platform,
      // As the image has them: the builder may have packed them anew.
      manifest: { ...manifest, layers: manifest.layers.slice(0, baseLayers) },
      ...(known !== undefined && { reference: known.reference, digest: known.digest }),
    },
    previous: version,
    whyNew: await explainImage(registry, image, {
      previous: version,
      baseLayers,
      repository: target,
      signal,
    }),
  };
}

interface Telling extends Pick<PublishOptions, 'target' | 'onEvent'> {
  readonly fates: Fates;
}

function tellLayers(platforms: readonly BuiltPlatform[], { fates, target, onEvent }: Telling): void {
  for (const [digest, layer] of layersOf(platforms)) {
    const fate = fates.get(digest);
    if (fate !== undefined)
      onEvent({ type: 'layer', layer: layer.name, target: formatRepository(target), fate, sentBytes: 0 });
    const reason = platforms.map(({ whyNew }) => whyNew.get(digest)).find(found => found !== undefined);
    if (reason !== undefined) onEvent({ type: 'new-layer', layer: layer.name, reason });
  }
}

interface Layer {
  readonly name: LayerName;
  readonly descriptor: Descriptor;
}

/** Each layer of any platform once. */
const layersOf = (platforms: readonly BuiltPlatform[]): ReadonlyMap<Digest, Layer> =>
  new Map(
    platforms.flatMap(({ image, base }) =>
      image.manifest.layers.map((descriptor, position) => {
        const kind = position < base.manifest.layers.length ? 'base' : 'dockerfile';
        const { digest, size: sizeBytes } = descriptor;
        return [digest, { descriptor, name: { digest, sizeBytes, kind, files: [] } }] as const;
      }),
    ),
  );

interface Copying extends Waiting, Pick<PublishOptions, 'onEvent'> {
  readonly from: Repository;
  readonly repository: Repository;
}

/** Brings the layers into one more repository: mounted where that is in the same registry. */
function copyImages(
  registry: RegistryPorts,
  platforms: readonly BuiltPlatform[],
  { from, repository, onEvent, signal }: Copying,
): Promise<Fates> {
  const pusher = new LayerPusher(registry, { target: repository, dryRun: false, onEvent, signal });
  return untilPushed({ pusher, signal }, () => {
    for (const { name, descriptor } of layersOf(platforms).values())
      pusher.add(name, { origin: 'base', descriptor, repository: from });
    return Promise.resolve();
  });
}
