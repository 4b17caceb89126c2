import type { Figure, Sample } from '../figure';
import { type Found, isFound, type Peer } from './peers';
import type { Release } from './release';

interface Comparison {
  readonly limit: number;
  readonly ours: Sample;
  readonly peer: Found<Peer>;
  /** The peer's seconds. */
  readonly values: readonly number[];
}

/** Our seconds beside a peer's, or why there are none of the peer. */
export function compare(name: string, { limit, ours, peer, values }: Comparison): Figure {
  return isFound(peer)
    ? { kind: 'ratio', name, limit, ours, peer: { name: peer.name, sample: { unit: 'seconds', values } } }
    : { kind: 'missing', name: `${name}, beside ${peer.name}`, limit, reason: peer.missing };
}

export const secondsOf = (releases: readonly Release[]): Sample => ({
  unit: 'seconds',
  values: releases.map(({ seconds }) => seconds),
});
