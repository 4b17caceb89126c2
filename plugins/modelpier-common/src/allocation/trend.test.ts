import { timeWeightedMean } from './trend';

const at = (minute: number) => `2026-08-04T10:${String(minute).padStart(2, '0')}:00Z`;

it('weighs each total by the time it held, not by how often it was seen', () => {
  const samples = [
    { at: at(0), amount: 4n },
    { at: at(45), amount: 12n },
    { at: at(50), amount: 12n },
    { at: at(55), amount: 12n },
  ];
  const mean = timeWeightedMean(samples, '2026-08-04T11:00:00Z');
  expect(Number(mean?.numerator) / Number(mean?.denominator)).toBe(6);
});

it('knows no mean where no time has passed', () => {
  expect(timeWeightedMean([], at(0))).toBeNull();
  expect(timeWeightedMean([{ at: at(0), amount: 4n }], at(0))).toBeNull();
});

it('refuses samples out of order and times that are none', () => {
  const later = { at: at(5), amount: 1n };
  expect(() => timeWeightedMean([later, { at: at(0), amount: 1n }], at(9))).toThrow('ordered by time');
  expect(() => timeWeightedMean([{ at: 'noon', amount: 1n }], at(9))).toThrow('"noon" is not a time');
});
