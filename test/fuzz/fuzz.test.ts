import { fuzz } from './fuzz';
import { TARGETS } from './targets';

/** Enough to catch what breaks at once; `npm run fuzz` does a million of each. */
const RUNS = 3_000;

it.each(Object.keys(TARGETS))(
  '%s refuses or reads whatever bytes there are',
  async name => {
    const { runs, outcomes } = await fuzz(name, { runs: RUNS, seed: 1 });

    expect(runs).toBe(RUNS);
    expect(outcomes).toBeGreaterThan(2);
  },
  60_000,
);
