import type { LayerKind } from '@modelpier/backstage-plugin-modelpier-common';
import { digestFor, type PlannedModel } from './fleet-plan';
import { createRandom, type Random } from './random';

export interface FleetLayer {
  readonly id: number;
  readonly kind: LayerKind;
  readonly row: { readonly digest: string; readonly size_bytes: number };
  /** Whether its row is still to be written. */
  isNew: boolean;
}

/** Images as teams build them: a base that hundreds share, libraries that a team shares, files of their own. */
export interface LayerPool {
  imagesOf(model: PlannedModel, random: Random): { next(): readonly FleetLayer[] };
}

const BASES = 40;
const BASE_LAYERS = 5;
const MB = 1_000_000;

/** How often a release brings a new one of each. */
const NEW_BASE = 0.03;
const NEW_LIBRARIES = 0.1;
const NEW_WEIGHTS = 0.6;
const NEW_ASSETS = 0.05;

export function createLayerPool(seed: number): LayerPool {
  let last = 0;
  const create = (kind: LayerKind, sizeBytes: number): FleetLayer => {
    last += 1;
    return {
      id: last,
      kind,
      row: { digest: digestFor(`layer ${seed}/${last}`), size_bytes: sizeBytes },
      isNew: true,
    };
  };
  const pooled = createRandom(seed);
  const bases = Array.from({ length: BASES }, () =>
    Array.from({ length: BASE_LAYERS }, () => create('base', (5 + pooled.below(150)) * MB)),
  );
  const libraries = new Map<string, FleetLayer[]>();

  /** Of a team's library layers one that it has, most of the time. */
  const librariesOf = (owner: string, random: Random): FleetLayer => {
    const known = libraries.get(owner) ?? [];
    const found = known.length > 0 && random.chance(0.7) ? random.pick(known) : undefined;
    const layer = found ?? create('assets', (40 + random.below(400)) * MB);
    if (found === undefined) libraries.set(owner, [...known, layer].slice(-20));
    return layer;
  };
  /** Low ones far more often than high ones: everybody is on the same few bases. */
  const baseFor = (random: Random) => bases[Math.floor(random.next() ** 3 * BASES)] ?? [];

  return {
    imagesOf: ({ owner }, random) => {
      const weightBytes = Math.round((2 + random.next() ** 4 * 4000) * MB);
      const weights = () => create('weights', weightBytes);
      let base = baseFor(random);
      let library = librariesOf(owner, random);
      let own = [weights(), weights()];
      let assets = create('assets', (1 + random.below(20)) * MB);
      return {
        next: () => {
          if (random.chance(NEW_BASE)) base = baseFor(random);
          if (random.chance(NEW_LIBRARIES)) library = librariesOf(owner, random);
          if (random.chance(NEW_WEIGHTS)) own = [weights(), own[1] ?? weights()];
          if (random.chance(NEW_ASSETS)) assets = create('assets', (1 + random.below(20)) * MB);
          const code = create('code', 20_000 + random.below(2 * MB));
          return [...base, library, ...own, assets, code];
        },
      };
    },
  };
}
