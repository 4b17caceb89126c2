import { computeAllocation, dominantShare, fairDominantShare, ofFairShare } from './allocation';
import { amountText, fairShareText } from './amount';
import { NANO_PER_UNIT, parseQuantity } from './quantity';

const nano = (text: string) => parseQuantity(text).nano;
const GIB = 2n ** 30n * NANO_PER_UNIT;

/** Three nodes of 3920m, 13 GiB and one GPU. */
const TOTAL = { cpu: nano('11760m'), memory: 39n * GIB, 'nvidia.com/gpu': nano('3') };
/** Four pods of server (1500m, 4 GiB) and proxy (100m, 128 MiB). */
const FRAUD = {
  cpu: { containers: 8, requested: nano('6400m'), used: null },
  memory: { containers: 8, requested: nano('16.5Gi'), used: null },
};

it.each([
  ['cpu', 12, '11760m', '980m'],
  ['memory', 12, '41875931136', '3489660928'],
  ['nvidia.com/gpu', 12, '3', '0.25'],
  ['cpu', 5, '11760m', '2352m'],
  ['memory', 5, '41875931136', '8375186227'],
  ['nvidia.com/gpu', 5, '3', '0.6'],
  ['cpu', 7, '11760m', '1680m'],
  ['nvidia.com/gpu', 7, '3', '0.428'],
] as const)('shares the %s of three nodes among %i containers', (resource, containers, total, share) => {
  const model = { containers: 0, requested: 0n, used: null };
  const { fairShare, reason } = computeAllocation({ total: TOTAL[resource], containers, model });
  expect(reason).toBeUndefined();
  expect(amountText(resource, TOTAL[resource])).toBe(total);
  expect(fairShare && fairShareText(resource, fairShare)).toBe(share);
});

it('keeps a share that does not come out even as a fraction', () => {
  const model = { containers: 0, requested: 0n, used: null };
  const { fairShare } = computeAllocation({ total: TOTAL.memory, containers: 5, model });
  expect(fairShare).toEqual({ numerator: 41_875_931_136n * NANO_PER_UNIT, denominator: 5n });
});

it.each([
  ['cpu', 0.816, 0.544],
  ['memory', 0.635, 0.423],
] as const)('compares the %s of the model fraud with its fair share', (resource, share, ofTotal) => {
  const allocation = computeAllocation({ total: TOTAL[resource], containers: 12, model: FRAUD[resource] });
  expect(allocation.share).toBeCloseTo(share, 3);
  expect(allocation.ofTotal).toBeCloseTo(ofTotal, 3);
});

it.each([
  ['server', 'cpu', '1500m', 1.531],
  ['server', 'memory', '4Gi', 1.231],
  ['proxy', 'cpu', '100m', 0.102],
  ['proxy', 'memory', '128Mi', 0.038],
] as const)('compares one %s with the fair share of %s', (_, resource, request, expected) => {
  const fairShare = { numerator: TOTAL[resource], denominator: 12n };
  expect(ofFairShare(nano(request), fairShare)).toBeCloseTo(expected, 3);
});

it.each([
  {
    edge: 'nobody shares: no fair share, never an infinite one',
    input: { total: TOTAL.cpu, containers: 0, model: { containers: 0, requested: 0n, used: null } },
    expected: { fairShare: null, reason: 'no-containers', share: null, efficiency: null, ofTotal: 0 },
  },
  {
    edge: 'there is none of it, as on nodes without a GPU',
    input: { total: 0n, containers: 3, model: { containers: 3, requested: nano('3'), used: null } },
    expected: {
      fairShare: { numerator: 0n, denominator: 3n },
      reason: 'none-in-scope',
      share: null,
      efficiency: null,
      ofTotal: null,
    },
  },
  {
    edge: 'there is none and nobody asks',
    input: { total: 0n, containers: 0, model: { containers: 0, requested: 0n, used: null } },
    expected: { fairShare: null, reason: 'no-containers', share: null, efficiency: null, ofTotal: null },
  },
  {
    edge: 'nodes cannot be read',
    input: { total: null, containers: 3, model: { containers: 1, requested: 2n, used: null } },
    expected: { fairShare: null, reason: 'forbidden', share: null, efficiency: null, ofTotal: null },
  },
  {
    edge: 'the model is scaled to zero',
    input: { total: 12n, containers: 3, model: { containers: 0, requested: 0n, used: null } },
    expected: {
      fairShare: { numerator: 12n, denominator: 3n },
      share: null,
      efficiency: null,
      ofTotal: 0,
    },
  },
  {
    edge: 'the model requests nothing and uses something',
    input: {
      total: 12n,
      containers: 3,
      model: { containers: 1, requested: 0n, used: { amount: 5n, requested: 0n } },
    },
    expected: { fairShare: { numerator: 12n, denominator: 3n }, share: 0, efficiency: null, ofTotal: 0 },
  },
  {
    edge: 'usage is measured on a part of the model',
    input: {
      total: 12n,
      containers: 3,
      model: { containers: 2, requested: 8n, used: { amount: 3n, requested: 4n } },
    },
    expected: {
      fairShare: { numerator: 12n, denominator: 3n },
      share: 1,
      efficiency: 0.75,
      ofTotal: 8 / 12,
    },
  },
  {
    edge: 'the larger of request and usage counts',
    input: {
      total: 12n,
      containers: 3,
      model: { containers: 1, requested: 2n, used: { amount: 6n, requested: 2n }, allocated: 6n },
    },
    expected: { fairShare: { numerator: 12n, denominator: 3n }, share: 1.5, efficiency: 3, ofTotal: 0.5 },
  },
])('answers where $edge', ({ input, expected }) => {
  expect(computeAllocation(input)).toEqual(expected);
});

it('answers no share of a fair share that is none or nothing', () => {
  expect(ofFairShare(1n, null)).toBeNull();
  expect(ofFairShare(1n, { numerator: 0n, denominator: 3n })).toBeNull();
});

it('finds both users of Ghodsi 2011 at a dominant share of two thirds, which T / N cannot tell', () => {
  const cluster = { cpu: 9, memory: 18 };
  const dominant = (tasks: number, cpu: number, memory: number) =>
    dominantShare([
      { resource: 'cpu', ratio: (tasks * cpu) / cluster.cpu },
      { resource: 'memory', ratio: (tasks * memory) / cluster.memory },
    ]);
  expect(dominant(3, 1, 4)).toEqual({ resource: 'memory', ratio: 2 / 3 });
  expect(dominant(2, 3, 1)).toEqual({ resource: 'cpu', ratio: 2 / 3 });
});

it('passes over shares that are not known when it looks for the dominant one', () => {
  expect(dominantShare([])).toBeNull();
  expect(dominantShare([{ resource: 'cpu', ratio: null }])).toBeNull();
  expect(
    dominantShare([
      { resource: 'cpu', ratio: null },
      { resource: 'memory', ratio: 0 },
      { resource: 'nvidia.com/gpu', ratio: 0 },
    ]),
  ).toEqual({ resource: 'memory', ratio: 0 });
});

it('draws the fair line at 1 / M, or by weight', () => {
  expect(fairDominantShare(1, [1, 1, 1, 1])).toBe(0.25);
  expect(fairDominantShare(3, [3, 1])).toBe(0.75);
  expect(fairDominantShare(1, [])).toBeNull();
  expect(fairDominantShare(0, [0, 0])).toBeNull();
});

it('never shares out more than there is', () => {
  let seed = 7;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let round = 0; round < 500; round += 1) {
    const total = BigInt(random(1_000_000)) * 1_000_000n;
    const containers = 1 + random(500);
    const model = { containers: 1 + random(containers), requested: BigInt(random(1_000_000)), used: null };
    const { fairShare, share } = computeAllocation({ total, containers, model });
    const text = fairShareText('cpu', fairShare ?? { numerator: -1n, denominator: 1n });
    const left = total - nano(text) * BigInt(containers);
    expect(left >= 0n && left < BigInt(containers) * 1_000_000n).toBe(true);
    expect(share === null || Number.isFinite(share)).toBe(true);
  }
});
