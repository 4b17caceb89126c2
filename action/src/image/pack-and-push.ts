import {
  type Descriptor,
  type Digest,
  type Fate,
  ModelpierError,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Compression } from '../layer/compress';
import { HashThreads } from '../layer/hash-threads';
import { type LaidLayer, layOutLayer, type PackedLayer } from '../layer/pack';
import { type PlannedLayer, planLayers } from '../layer/plan';
import type { ModelFile } from '../model/model-file';
import type { BaseImage } from './base-image';
import type { BuildEvent, LayerName } from './event';
import type { LayerPusher } from './layer-pusher';

interface Packing {
  /** One for each platform; our own layers are packed once for all of them. */
  readonly bases: readonly BaseImage[];
  readonly files: readonly ModelFile[];
  readonly codeFiles: readonly ModelFile[];
  /** From `parseTargetPath`. */
  readonly targetPath: string;
  readonly compression: 'auto' | Compression;
  readonly epochSeconds: number;
  readonly dryRun: boolean;
  /** Layers of the version before; nothing where they may not be read. */
  readonly known: readonly Descriptor[] | undefined;
  /** Whether the repository has the image of these layers already. */
  readonly isUnchanged: (layers: readonly PackedLayer[]) => boolean;
  readonly pusher: LayerPusher;
  readonly onEvent: (event: BuildEvent) => void;
  readonly signal: AbortSignal | undefined;
}

export interface PushedLayers {
  /** Our own, from the bottom. */
  readonly layers: readonly PackedLayer[];
  readonly fates: Fates;
}

export type Fates = ReadonlyMap<Digest, Fate>;

/** Layers of the bases go at once; each of ours as soon as its digest is known, while the next is hashed. */
export async function packAndPush(packing: Packing): Promise<PushedLayers> {
  const { bases, files, codeFiles, pusher, onEvent } = packing;
  const layers: PackedLayer[] = [];
  const threads = new HashThreads();
  const fates = await untilPushed(packing, async () => {
    addBases(pusher, bases);
    for (const plan of planLayers(files, codeFiles)) {
      const laid = layOutLayer(plan, packing);
      const packed = laid.pack({ threads, signal: pusher.signal, onProgress: tellPacking(plan, onEvent) });
      const isAhead = layers.length === 0 && sendsAhead(laid, packed, packing);
      const layer = await packed;
      layers.push(layer);
      const name = nameOf(layer);
      onEvent({ type: 'packed', layer: name });
      if (!isAhead) pusher.add(name, { origin: 'own', source: layer });
    }
    if (packing.isUnchanged(layers)) pusher.keepKnown();
  }).finally(() => threads.close());
  return { layers, fates };
}

/** Less is hashed in a blink. */
const MIN_AHEAD_BYTES = 64 * 1024 * 1024;

/**
 * Sends the first layer before it is packed, for nothing else would go meanwhile; later ones are packed
 * while it goes. Not where the version before has a layer of that size, which may well be the same.
 */
function sendsAhead(
  { kind, files, sizeBytes = 0, open }: LaidLayer,
  packed: Promise<PackedLayer>,
  { dryRun, known, pusher }: Packing,
): boolean {
  const isNew = known !== undefined && !known.some(({ size }) => size === sizeBytes);
  if (dryRun || !isNew || sizeBytes < MIN_AHEAD_BYTES) return false;
  const digest = packed.then(({ descriptor }) => descriptor.digest);
  pusher.addAhead({ kind, files, sizeBytes, digest: undefined }, { sizeBytes, open, digest });
  return true;
}

interface Copying extends Pick<Packing, 'bases' | 'pusher' | 'signal'> {
  readonly layers: readonly PackedLayer[];
  /** The repository that has every layer by now. */
  readonly from: Repository;
}

/**
 * Brings the layers into one more repository: mounted where that is in the same registry. Else ours are
 * read from disk again, which is nearer than the registry they went to.
 */
export const copyLayers = (copying: Copying): Promise<Fates> =>
  untilPushed(copying, () => {
    const { bases, layers, pusher, from } = copying;
    addBases(pusher, bases, from);
    for (const layer of layers) pusher.add(nameOf(layer), { origin: 'own', source: layer, alsoIn: from });
    return Promise.resolve();
  });

function addBases(pusher: LayerPusher, bases: readonly BaseImage[], alsoIn?: Repository): void {
  // Before the first of them goes, so that nothing is sent in vain.
  for (const { manifest } of bases) manifest.layers.map(baseLayer).forEach(layer => pusher.assertFits(layer));
  for (const { manifest, reference } of bases) {
    for (const descriptor of manifest.layers) {
      pusher.add(baseLayer(descriptor), { origin: 'base', descriptor, repository: reference, alsoIn });
    }
  }
}

/** A layer of a base, by what its manifest says of it. */
export const baseLayer = ({ digest, size }: Descriptor): LayerName => ({
  digest,
  sizeBytes: size,
  kind: 'base',
  files: [],
});

/** A layer of ours, as events call it. */
export const nameOf = ({ descriptor, kind, files }: PackedLayer): LayerName => ({
  digest: descriptor.digest,
  sizeBytes: descriptor.size,
  kind,
  files,
});

/** Progress is told for so many bytes; the log decides how often it prints. */
const TOLD_STEP_BYTES = 16 * 1024 * 1024;

function tellPacking({ files }: PlannedLayer, onEvent: Packing['onEvent']): (readBytes: number) => void {
  const paths = files.map(({ path }) => path);
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let told = -TOLD_STEP_BYTES;
  return readBytes => {
    if (readBytes < told + TOLD_STEP_BYTES) return;
    told = readBytes;
    onEvent({ type: 'packing', files: paths, readBytes: Math.min(readBytes, totalBytes), totalBytes });
  };
}

/** Adds layers and waits for them; whatever fails ends the rest before it is thrown. */
export async function untilPushed(
  { pusher, signal }: Pick<Packing, 'pusher' | 'signal'>,
  add: () => Promise<void>,
): Promise<Fates> {
  try {
    await add();
    return await pusher.settle();
  } catch (error) {
    await pusher.stop(error);
    if (signal?.aborted === true) {
      throw new ModelpierError('cancelled', 'cancelled while layers were packed and pushed', {
        cause: error,
      });
    }
    // A failed push ends the packing too, and is what went wrong.
    throw pusher.signal.reason;
  }
}
