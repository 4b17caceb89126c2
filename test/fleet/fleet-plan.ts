import type { Digest } from '@modelpier/backstage-plugin-modelpier-common';
import { createHash } from 'node:crypto';
import { createRandom, type Random, shareOut } from './random';

/** How large a fleet is; the shape of it stays the same. */
export interface FleetSize {
  readonly models: number;
  readonly versions: number;
  readonly clusters: number;
  readonly pods: number;
}

/** What the portal's limits are meant for; each version has an image of ten layers. */
export const FULL_SIZE: FleetSize = { models: 5_000, versions: 200_000, clusters: 50, pods: 100_000 };

/** The same shape with fewer models. */
export const sizeFor = (models: number): FleetSize => ({
  models,
  versions: models * 40,
  clusters: Math.max(2, Math.round(models / 100)),
  pods: models * 20,
});

export interface PlannedModel {
  readonly index: number;
  readonly name: string;
  readonly title: string | null;
  readonly owner: string;
  readonly registry: string;
  readonly path: string;
  readonly versions: number;
  /** Clusters it runs in. */
  readonly clusters: readonly number[];
}

const KINDS = ['fraud', 'churn', 'ranking', 'demand', 'vision', 'speech', 'intent', 'price', 'risk', 'route'];
const AREAS = ['cards', 'loans', 'shop', 'search', 'ads', 'maps', 'mail', 'fleet', 'energy', 'health'];
const TEAMS = 60;
export const REGISTRIES = ['ghcr.io', 'registry.example.com', 'eu.registry.example.com'] as const;

/** Half of the models have a few versions, and a few have many hundreds: by the model's rank. */
const VERSION_SLOPE = 0.6;

export const clusterName = (index: number): string =>
  `${index % 5 === 0 ? 'staging' : 'prod'}-${String(index + 1).padStart(2, '0')}`;
export const environmentOf = (cluster: number): string => (cluster % 5 === 0 ? 'staging' : 'production');

/** Everything that does not need a row: who there is, and how much each has. */
export function planFleet(size: FleetSize, seed: number): readonly PlannedModel[] {
  const random = createRandom(seed);
  const ranks = Array.from({ length: size.models }, (_, rank) => (rank + 1) ** -VERSION_SLOPE);
  const versions = shareOut(size.versions, shuffle(ranks, random));
  return versions.map((count, index) => {
    const name = `${random.pick(AREAS)}-${random.pick(KINDS)}-${String(index + 1).padStart(5, '0')}`;
    const team = `team-${String(random.below(TEAMS) + 1).padStart(2, '0')}`;
    return {
      index,
      name,
      title: random.chance(0.4) ? name.replaceAll('-', ' ') : null,
      owner: `group:default/${team}`,
      registry: random.pick(REGISTRIES),
      path: `${team}/${name}`,
      versions: count,
      clusters: placesOf(random, size.clusters),
    };
  });
}

/** One model in eight runs nowhere; most run in one or two places, some in many. */
function placesOf(random: Random, clusters: number): readonly number[] {
  const wanted = random.pick([0, 1, 1, 2, 2, 2, 3, 5]);
  const places = new Set<number>();
  while (places.size < Math.min(wanted, clusters)) places.add(random.below(clusters));
  return [...places];
}

function shuffle<T>(items: readonly T[], random: Random): readonly T[] {
  return items
    .map(item => ({ item, key: random.next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** A digest that says nothing but what it was made of. */
export const digestFor = (what: string): Digest =>
  `sha256:${createHash('sha256').update(what).digest('hex')}` as Digest;

export const versionDigest = (model: number, version: number): Digest =>
  digestFor(`version ${model}/${version}`);
export const versionText = (version: number): string =>
  `${1 + Math.floor(version / 100)}.${Math.floor(version / 10) % 10}.${version % 10}`;
export const commitOf = (model: number, version: number): string =>
  digestFor(`commit ${model}/${version}`).slice('sha256:'.length, 'sha256:'.length + 40);
