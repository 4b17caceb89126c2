import { amountText } from '../allocation/amount';
import { resourceName } from '../format';
import { GPU } from './allocation-glance';
import { unitOf } from './unit-of';

it('writes accelerators of every kind as one of them, by the thousandth, and leaves the others alone', () => {
  expect(resourceName(unitOf(GPU))).toBe('GPU');
  expect(amountText(unitOf(GPU), 250_000_000n)).toBe('0.25');
  expect(unitOf('nvidia.com/mig-1g.5gb')).toBe('nvidia.com/mig-1g.5gb');
});
