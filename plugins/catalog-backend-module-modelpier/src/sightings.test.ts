import type { Findings } from './found-model';
import { Sightings } from './sightings';

const HOUR_MS = 60 * 60 * 1000;
const INTERVAL_MS = HOUR_MS / 12;
const MOST_GAP_MS = 1.5 * INTERVAL_MS;
const START = Date.parse('2026-09-01T10:00:00Z');
const prod = { kind: 'cluster', name: 'prod' } as const;
const ghcr = { kind: 'registry', name: 'ghcr.io' } as const;
const found = (...names: readonly string[]): Findings => ({
  models: names.map(name => ({ name, repository: `ghcr.io/acme/${name}` })),
  trouble: undefined,
});
const namesOf = (sightings: Sightings) => sightings.list().map(({ name }) => name);

let sightings: Sightings;
beforeEach(() => {
  sightings = new Sightings({ graceMs: HOUR_MS, mostGapMs: MOST_GAP_MS });
  sightings.note(prod, found('mnist', 'fraud'), START);
});

it('keeps a model that a source no longer shows for the while, and no longer', () => {
  sightings.note(prod, found('mnist'), START + 1);
  expect(namesOf(sightings)).toEqual(['mnist', 'fraud']);
  sightings.note(prod, found('mnist'), START + HOUR_MS);
  expect(namesOf(sightings)).toEqual(['mnist', 'fraud']);
  sightings.note(prod, found('mnist'), START + HOUR_MS + 1);
  expect(namesOf(sightings)).toEqual(['mnist']);
});

it('keeps all of a source that answers empty until it has done so for the while', () => {
  sightings.note(prod, found(), START + 1);
  expect(namesOf(sightings)).toHaveLength(2);
  sightings.note(prod, found(), START + 1 + HOUR_MS);
  expect(namesOf(sightings)).toEqual([]);
});

it('counts anew where a model was back in between', () => {
  sightings.note(prod, found('mnist'), START + 1);
  sightings.note(prod, found('mnist', 'fraud'), START + HOUR_MS / 2);
  sightings.note(prod, found('mnist'), START + HOUR_MS);
  sightings.note(prod, found('mnist'), START + HOUR_MS + 1);
  expect(namesOf(sightings)).toEqual(['mnist', 'fraud']);
});

it('takes no model for missing in what could only be read in part', () => {
  sightings.note(prod, { ...found('mnist'), trouble: 'one was denied' }, START + 1);
  sightings.note(prod, { ...found('mnist'), trouble: 'one was denied' }, START + 2 * HOUR_MS);
  expect(namesOf(sightings)).toEqual(['mnist', 'fraud']);
});

it('takes over where a model has moved to', () => {
  sightings.note(
    prod,
    { models: [{ name: 'mnist', repository: 'ghcr.io/new/mnist' }], trouble: undefined },
    START + 1,
  );
  expect(sightings.list()[0]).toEqual({ name: 'mnist', repository: 'ghcr.io/new/mnist', source: prod });
});

it('loses nothing to a clock that was set back', () => {
  sightings.note(prod, found('mnist'), START + 1);
  sightings.note(prod, found('mnist'), START - 10 * HOUR_MS);
  expect(namesOf(sightings)).toEqual(['mnist', 'fraud']);
});

it('is settled once every source was watched for the while', () => {
  expect(sightings.isSettled([prod], START)).toBe(false);
  expect(sightings.isSettled([prod], START + HOUR_MS)).toBe(true);
  expect(sightings.isSettled([prod, ghcr], START + HOUR_MS)).toBe(false);
  sightings.note(ghcr, found(), START + HOUR_MS);
  expect(sightings.isSettled([prod, ghcr], START + 2 * HOUR_MS)).toBe(true);
});

describe('two processes that take turns', () => {
  let other: Sightings;
  beforeEach(() => {
    other = new Sightings({ graceMs: HOUR_MS, mostGapMs: MOST_GAP_MS });
  });
  /** Rounds from the first to the last, of one process after the other; `undefined` fails. */
  const take = (
    [first, last]: readonly [number, number],
    turn: (round: number) => Sightings,
    findings: Findings | undefined,
  ) => {
    for (let round = first; round <= last; round += 1) {
      const now = START + round * INTERVAL_MS;
      turn(round).begin(prod, now);
      if (findings !== undefined) turn(round).note(prod, findings, now);
    }
  };
  const own = () => sightings;
  const inTurn = (round: number) => (round % 2 === 0 ? sightings : other);
  const isSettledAfter = (round: number) => sightings.isSettled([prod], START + round * INTERVAL_MS);

  it('take nothing out that only the other one saw before an outage', () => {
    take([1, 12], own, found('mnist', 'fraud'));
    expect(isSettledAfter(12)).toBe(true);
    take([13, 13], () => other, found('mnist', 'fraud', 'late'));
    take([14, 14], own, undefined);
    expect(namesOf(sightings)).toEqual(['mnist', 'fraud']);
    expect(isSettledAfter(14)).toBe(false);
    // However long one alone is left with the outage.
    take([15, 40], own, undefined);
    expect(isSettledAfter(40)).toBe(false);
  });

  it('are settled once one of them has watched without a gap for the while again', () => {
    take([1, 14], inTurn, found('mnist', 'fraud'));
    expect(isSettledAfter(14)).toBe(false);
    take([15, 25], own, found('mnist', 'late'));
    expect(isSettledAfter(25)).toBe(false);
    take([26, 26], own, found('mnist', 'late'));
    expect(isSettledAfter(26)).toBe(true);
  });

  it('count anew how long a model stays away after turns of the other one', () => {
    take([1, 1], own, found('mnist'));
    take([2, 12], () => other, found('mnist', 'fraud'));
    take([13, 24], own, found('mnist'));
    expect(namesOf(sightings)).toEqual(['mnist', 'fraud']);
    take([25, 25], own, found('mnist'));
    expect(namesOf(sightings)).toEqual(['mnist']);
  });

  it('stay settled where an outage is over that nobody else saw', () => {
    take([1, 12], own, found('mnist', 'fraud'));
    take([13, 20], own, undefined);
    take([21, 21], own, found('mnist', 'fraud'));
    expect(isSettledAfter(21)).toBe(true);
  });
});
