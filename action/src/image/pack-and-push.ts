import {
  type Digest,
  type Fate,
  ModelpierError,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Compression } from '../layer/compress';
import { packLayer, type PackedLayer } from '../layer/pack';
import { planLayers } from '../layer/plan';
import type { ModelFile } from '../model/model-file';
import type { BaseImage } from './base-image';
import type { BuildEvent, LayerName } from './event';
import type { LayerPusher } from './layer-pusher';

interface Packing {
  readonly base: BaseImage;
  readonly files: readonly ModelFile[];
  readonly codeFiles: readonly ModelFile[];
  /** From `parseTargetPath`. */
  readonly targetPath: string;
  readonly compression: 'auto' | Compression;
  readonly epochSeconds: number;
  readonly pusher: LayerPusher;
  readonly onEvent: (event: BuildEvent) => void;
  readonly signal: AbortSignal | undefined;
}

export interface PushedLayers {
  /** Our own, from the bottom. */
  readonly layers: readonly PackedLayer[];
  readonly fates: ReadonlyMap<Digest, Fate>;
}

/** Layers of the base go at once; each of ours as soon as its digest is known, while the next is hashed. */
export async function packAndPush(packing: Packing): Promise<PushedLayers> {
  const { base, files, codeFiles, pusher, onEvent } = packing;
  const repository: Repository = base.reference;
  const layers: PackedLayer[] = [];
  try {
    for (const descriptor of base.manifest.layers) {
      const name: LayerName = {
        digest: descriptor.digest,
        sizeBytes: descriptor.size,
        kind: 'base',
        files: [],
      };
      pusher.add(name, { origin: 'base', descriptor, repository });
    }
    for (const plan of planLayers(files, codeFiles)) {
      const layer = await packLayer(plan, { ...packing, signal: pusher.signal });
      layers.push(layer);
      const { digest, size } = layer.descriptor;
      const name: LayerName = { digest, sizeBytes: size, kind: layer.kind, files: layer.files };
      onEvent({ type: 'packed', layer: name });
      pusher.add(name, { origin: 'own', source: layer });
    }
    return { layers, fates: await pusher.settle() };
  } catch (error) {
    await pusher.stop(error);
    if (packing.signal?.aborted === true) {
      throw new ModelpierError('cancelled', 'cancelled while layers were packed and pushed', {
        cause: error,
      });
    }
    // A failed push ends the packing too, and is what went wrong.
    throw pusher.signal.reason;
  }
}
