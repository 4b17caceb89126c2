import { computeCountedReuse } from './counted-reuse';
import { computeReuse } from './reuse';

const BASE_KEYS = new Set(['0', '1', '2']);

it('answers what computeReuse answers of the same layers one by one', () => {
  let seed = 5;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let round = 0; round < 200; round += 1) {
    const images = Array.from({ length: random(6) }, () => ({
      basis: 'compressed' as const,
      baseKeys: BASE_KEYS,
      layers: Array.from({ length: random(8) }, () => random(12)).map(key => ({
        key: String(key),
        sizeBytes: 1_000 * key,
      })),
    }));
    const counts = new Map<string, { sizeBytes: number; occurrences: number; baseOccurrences: number }>();
    for (const { key, sizeBytes } of images.flatMap(({ layers }) => layers)) {
      const counted = counts.get(key) ?? { sizeBytes, occurrences: 0, baseOccurrences: 0 };
      counted.occurrences += 1;
      if (BASE_KEYS.has(key)) counted.baseOccurrences += 1;
      counts.set(key, counted);
    }
    const oneByOne = computeReuse(images, null, { mode: 'fleet', basis: 'compressed' });
    expect(computeCountedReuse(counts.values(), 'compressed')).toEqual(oneByOne);
  }
});

it('passes over layers that no longer occur', () => {
  const gone = { sizeBytes: 9, occurrences: 0, baseOccurrences: 0 };
  expect(computeCountedReuse([gone], 'compressed')).toMatchObject({ newLayers: 0, reason: 'empty-image' });
});
