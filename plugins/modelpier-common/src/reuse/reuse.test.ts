import { parseWith } from '../parse/decoder';
import { reuse as reuseDecoder } from '../api/reuse-answer';
import { computeReuse, type ReuseImage, type ReuseOptions } from './reuse';

const MB = 1_000_000;
const RELEASE = { mode: 'release', basis: 'compressed' } as const;
const FLEET = { mode: 'fleet', basis: 'compressed' } as const;

/** Layers by name and size in MB. */
const image = (layers: Record<string, number>, over: Partial<ReuseImage> = {}): ReuseImage => ({
  basis: 'compressed',
  layers: Object.entries(layers).map(([key, size]) => ({ key, sizeBytes: Math.round(size * MB) })),
  ...over,
});
const mb = (bytes: number) => bytes / MB;

const BASE = { base1: 29, base2: 12 };
const V1 = image({ ...BASE, deps: 180, code1: 2.0, weights1: 400 });
const V2 = image({ ...BASE, deps: 180, code2: 2.1, weights2: 400 });
const V3 = image({ ...BASE, deps: 180, code3: 2.2, weights2: 400 });
const INT8 = image({ ...BASE, deps: 180, code2: 2.1, int8: 110 });
const UNPACKED = { basis: 'uncompressed' } as const;
const UNPACKED_V1 = image({ base1: 74, base2: 31, deps: 520, code1: 6, weights1: 444 }, UNPACKED);
const UNPACKED_V2 = image({ base1: 74, base2: 31, deps: 520, code2: 6, weights2: 444 }, UNPACKED);
const AMD1 = { a1: 29, a2: 180, weights1: 400 };
const ARM1 = { b1: 28, b2: 160, weights1: 400 };
const AMD2 = { a1: 29, a2: 180, weights2: 400 };
const ARM2 = { b1: 28, b2: 160, weights2: 400 };

interface Row {
  readonly what: string;
  readonly images: readonly ReuseImage[];
  readonly baseline: readonly ReuseImage[] | null;
  readonly options: ReuseOptions;
  /** S0, S1 + ... + SN in MB, N, and R to four digits. */
  readonly expected: readonly [number, number, number, number];
}
const release = (
  what: string,
  images: readonly ReuseImage[],
  baseline: Row['baseline'],
  expected: Row['expected'],
) => ({
  what,
  images,
  baseline,
  options: { mode: 'release', basis: images[0]?.basis ?? 'compressed' } as const,
  expected,
});
const fleet = (what: string, images: readonly ReuseImage[], expected: Row['expected']) => ({
  what,
  images,
  baseline: null,
  options: FLEET,
  expected,
});

const ROWS: readonly Row[] = [
  release('the first release', [V1], null, [623, 623, 5, 0]),
  release('new code and weights', [V2], [V1], [623.1, 402.1, 2, 0.3547]),
  release('new code alone', [V3], [V2], [623.2, 2.2, 1, 0.9965]),
  release('the same image again', [V3], [V3], [623.2, 0, 0, 1]),
  release('a rollback to what the registry has', [V1], [V1, V2, V3], [623, 0, 0, 1]),
  release('an image squashed into one layer', [image({ all: 623.1 })], [V1], [623.1, 623.1, 1, 0]),
  release('smaller weights, though no more bytes are reused', [INT8], [V1], [333.1, 112.1, 2, 0.6635]),
  release(
    'a server image and an image volume with new weights',
    [image({ ...BASE, deps: 180, code1: 2 }), image({ weights2: 400 })],
    [V1],
    [623, 400, 1, 0.3579],
  ),
  release('that server image alone', [image({ ...BASE, deps: 180, code1: 2 })], [V1], [223, 0, 0, 1]),
  release('unpacked bytes of the same release', [UNPACKED_V2], [UNPACKED_V1], [1075, 450, 2, 0.5814]),
  release('new weights on amd64', [image(AMD2)], [image(AMD1)], [609, 400, 1, 0.3432]),
  release(
    'a switch from gzip to zstd',
    [image({ z1: 29, z2: 12 })],
    [image({ g1: 30, g2: 13 })],
    [41, 41, 2, 0],
  ),
  release(
    'a layer mounted from another repository',
    [image({ a: 1, b: 2 })],
    [image({ x: 9 }), image({ a: 1 })],
    [3, 2, 1, 0.3333],
  ),
  fleet('three versions', [V1, V2, V3], [1869.3, 1027.3, 8, 0.4504]),
  fleet('two platforms with the same weights', [image(AMD1), image(ARM1)], [1197, 797, 5, 0.3342]),
  fleet('amd64 alone', [image(AMD1)], [609, 609, 3, 0]),
  fleet('arm64 alone', [image(ARM1)], [588, 588, 3, 0]),
  release(
    "Docker's my-jq, SHARED / SIZE",
    [image({ alpine: 8.9909, jq: 0.6321 })],
    [image({ alpine: 8.9909 })],
    [9.623, 0.6321, 1, 0.9343],
  ),
];

it.each(ROWS)('computes the reuse of $what', ({ images, baseline, options, expected }) => {
  const { totalBytes, newBytes, newLayers, ratio } = computeReuse(images, baseline, options);
  expect([mb(totalBytes), mb(newBytes), newLayers, Number(ratio?.toFixed(4))]).toEqual(expected);
});

it('measures a release of an index platform by platform, and refuses to mix them', () => {
  const amd2 = image(AMD2, { platform: 'linux/amd64' });
  const arm2 = image(ARM2, { platform: 'linux/arm64' });
  const before = [image(AMD1), image(ARM1)];
  expect(() => computeReuse([amd2, arm2], before, RELEASE)).toThrow('platform by platform');
  expect(computeReuse([image(AMD2), image(ARM2)], before, RELEASE).ratio).toBeCloseTo(0.666, 3);
  expect(computeReuse([arm2], before, RELEASE).ratio).toBeCloseTo(188 / 588, 10);
  expect(computeReuse([amd2, arm2], null, FLEET).ratio).toBeCloseTo(0.334, 3);
});

it('labels a first release, whose reuse is what it repeats within itself', () => {
  const twice = { basis: 'compressed', layers: [1, 2].map(() => ({ key: 'same', sizeBytes: 5 })) } as const;
  expect(computeReuse([twice], null, RELEASE)).toEqual({
    ...RELEASE,
    totalBytes: 10,
    newBytes: 5,
    newLayers: 1,
    ratio: 0.5,
    reason: 'first-release',
    reusedBaseBytes: 0,
    reusedOwnBytes: 5,
  });
  expect(computeReuse([twice], [], RELEASE).reason).toBeUndefined();
  expect(computeReuse([twice], null, FLEET).reason).toBeUndefined();
});

it.each([
  ['an image without layers', [image({})]],
  ['no image', []],
  [
    'an image of foreign layers',
    [{ basis: 'compressed', layers: [{ key: 'w', sizeBytes: 9, isForeign: true }] } as const],
  ],
])('answers nothing for %s', (_, images) => {
  const result = computeReuse(images, [V1], RELEASE);
  expect(result).toMatchObject({
    totalBytes: 0,
    newBytes: 0,
    newLayers: 0,
    ratio: null,
    reason: 'empty-image',
  });
});

it.each([
  [
    'the size of a layer',
    [image({ a: 1 }), { basis: 'compressed', layers: [{ key: 'b', sizeBytes: null }] } as const],
    [V1],
  ],
  ['a manifest', [image({ a: 1 }), { basis: 'compressed', layers: null } as const], [V1]],
  ['the manifest of the version before', [image({ a: 1 })], [{ basis: 'compressed', layers: null } as const]],
])('answers unknown where %s is missing, never 0', (_, images, baseline) => {
  expect(computeReuse(images, baseline, RELEASE)).toMatchObject({
    totalBytes: MB,
    ratio: null,
    reason: 'unknown',
  });
});

it('prefers unknown to empty where nothing could be read', () => {
  const unread = { basis: 'compressed', layers: null } as const;
  expect(computeReuse([unread], null, RELEASE)).toMatchObject({
    totalBytes: 0,
    ratio: null,
    reason: 'unknown',
  });
});

it('needs the digest alone of a layer that was there before', () => {
  const before = { basis: 'compressed', layers: [{ key: 'a', sizeBytes: null }] } as const;
  expect(computeReuse([image({ a: 1 })], [before], RELEASE).ratio).toBe(1);
});

it('leaves foreign layers out of both sums and out of the baseline', () => {
  const windows = { key: 'windows', sizeBytes: 1_700, isForeign: true };
  const own = { key: 'own', sizeBytes: 10 };
  const mixed = { basis: 'compressed', layers: [windows, own] } as const;
  expect(computeReuse([mixed], null, FLEET)).toMatchObject({ totalBytes: 10, newBytes: 10 });
  const copied = { basis: 'compressed', layers: [{ key: 'windows', sizeBytes: 1_700 }] } as const;
  expect(computeReuse([copied], [mixed], RELEASE)).toMatchObject({ newBytes: 1_700, ratio: 0 });
});

it('splits what is reused into the base and our own', () => {
  const baseKeys = new Set(['base1', 'base2']);
  const v2 = { ...V2, baseKeys };
  expect(computeReuse([v2], [V1], RELEASE)).toMatchObject({
    reusedBaseBytes: 41 * MB,
    reusedOwnBytes: 180 * MB,
  });
  const moved = { ...image({ base3: 30, base2: 12, deps: 180 }), baseKeys: new Set(['base3', 'base2']) };
  expect(computeReuse([moved], [V1], RELEASE)).toMatchObject({
    reusedBaseBytes: 12 * MB,
    reusedOwnBytes: 180 * MB,
  });
  const all = [V1, V2, V3].map(each => ({ ...each, baseKeys }));
  expect(computeReuse(all, null, FLEET)).toMatchObject({
    reusedBaseBytes: 82 * MB,
    reusedOwnBytes: 760 * MB,
  });
});

it('charges a shared blob once to each project, as Harbor does, though it moves but once', () => {
  const projects = [[V1], [V1]];
  const charged = projects.map(images => computeReuse(images, null, FLEET).newBytes);
  expect(charged.map(mb)).toEqual([623, 623]);
  expect(mb(computeReuse(projects.flat(), null, FLEET).newBytes)).toBe(623);
});

it.each([
  ['an image', () => computeReuse([UNPACKED_V1], null, FLEET), 'got an image in uncompressed bytes'],
  ['the baseline', () => computeReuse([V2], [UNPACKED_V1], RELEASE), 'got an image in uncompressed bytes'],
  ['a size', () => computeReuse([image({ a: 1 }), image({ a: 2 })], null, FLEET), 'mixed basis'],
  [
    'a size of the baseline',
    () => computeReuse([image({ a: 1 })], [image({ a: 2 })], RELEASE),
    'mixed basis',
  ],
])('refuses to mix bases, here of %s', (_, compute, message) => {
  expect(compute).toThrow(message);
});

it('refuses a baseline for a fleet', () => {
  expect(() => computeReuse([V1], [], FLEET)).toThrow('no baseline');
});

it('stays between 0 and 1, and accounts for every byte', () => {
  let seed = 11;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const randomImage = (): ReuseImage => ({
    basis: 'compressed',
    baseKeys: new Set(['1', '2', '3']),
    layers: Array.from({ length: random(8) }, () => random(20)).map(key => ({
      key: String(key),
      sizeBytes: key * 1_000,
    })),
  });
  for (let round = 0; round < 500; round += 1) {
    const images = Array.from({ length: random(6) }, randomImage);
    const result = computeReuse(images, [randomImage()], RELEASE);
    const { ratio, totalBytes, newBytes, reusedBaseBytes, reusedOwnBytes } = result;
    expect(ratio === null ? totalBytes === 0 : ratio >= 0 && ratio <= 1).toBe(true);
    expect(newBytes + reusedBaseBytes + reusedOwnBytes).toBe(totalBytes);
    expect(Math.min(newBytes, reusedBaseBytes, reusedOwnBytes)).toBeGreaterThanOrEqual(0);
    expect(computeReuse([...images].reverse(), [...images], RELEASE).newBytes).toBe(0);
    expect(parseWith(reuseDecoder, result, 'reuse')).toEqual(result);
  }
});

it('measures 200,000 layers in well under a second of processor time', () => {
  const digest = (of: number) => `sha256:${of.toString(16).padStart(64, '0')}`;
  const images = Array.from({ length: 10_000 }, (_, each) => ({
    basis: 'compressed' as const,
    layers: Array.from({ length: 20 }, (__, layer) => ({
      key: digest(layer < 10 ? layer : each * 20 + layer),
      sizeBytes: 1_000 + layer,
    })),
  }));
  const began = process.cpuUsage();
  const { newLayers } = computeReuse(images, null, FLEET);
  expect(process.cpuUsage(began).user).toBeLessThan(1_000_000);
  expect(newLayers).toBe(10 + 100_000);
});
