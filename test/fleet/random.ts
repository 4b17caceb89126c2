/** Numbers that look random and are the same for the same seed (mulberry32). */
export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  pick<T>(items: readonly T[]): T;
  chance(probability: number): boolean;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    pick: items => {
      const item = items[below(items.length)];
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
    chance: probability => next() < probability,
  };
}

/** Shares a total among `weights` by largest remainder; each gets at least one. */
export function shareOut(total: number, weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const free = total - weights.length;
  if (free < 0) throw new RangeError(`${total} cannot be shared among ${weights.length}`);
  const shares = weights.map(weight => 1 + Math.floor((free * weight) / sum));
  let rest = total - shares.reduce((all, share) => all + share, 0);
  for (let index = 0; rest > 0; index = (index + 1) % shares.length, rest -= 1) {
    shares[index] = (shares[index] ?? 0) + 1;
  }
  return shares;
}
