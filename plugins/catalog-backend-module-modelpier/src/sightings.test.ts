import type { Findings } from './found-model';
import { Sightings } from './sightings';

const HOUR_MS = 60 * 60 * 1000;
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
  sightings = new Sightings(HOUR_MS);
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
