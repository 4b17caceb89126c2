import { formatDecimal, formatQuantity, lintMemory, MAX_NANO, parseQuantity } from './quantity';

const NANO = 1_000_000_000n;

function refusal(text: string): unknown {
  try {
    return parseQuantity(text);
  } catch (error) {
    return error;
  }
}

it.each([
  ['0', 0n],
  ['1', NANO],
  ['+1', NANO],
  ['-1', -NANO],
  ['1.', NANO],
  ['.5', NANO / 2n],
  ['1.5', 1_500_000_000n],
  ['007', 7n * NANO],
  ['1n', 1n],
  ['1u', 1_000n],
  ['1m', 1_000_000n],
  ['128m', 128_000_000n],
  ['1500m', 1_500_000_000n],
  ['1k', 1_000n * NANO],
  ['1M', 1_000_000n * NANO],
  ['1G', 10n ** 9n * NANO],
  ['1T', 10n ** 12n * NANO],
  ['1P', 10n ** 15n * NANO],
  ['1E', 10n ** 18n * NANO],
  ['1Ki', 1_024n * NANO],
  ['1Mi', 2n ** 20n * NANO],
  ['1Gi', 2n ** 30n * NANO],
  ['1Ti', 2n ** 40n * NANO],
  ['1Pi', 2n ** 50n * NANO],
  ['1Ei', 2n ** 60n * NANO],
  ['1.5Gi', 1_610_612_736n * NANO],
  ['0.5Ki', 512n * NANO],
  ['1e3', 1_000n * NANO],
  ['1E3', 1_000n * NANO],
  ['1e+3', 1_000n * NANO],
  ['1.5e-1', 150_000_000n],
  ['12e6', 12_000_000n * NANO],
  ['1e+21', MAX_NANO],
])('reads %s', (text, nano) => {
  expect(parseQuantity(text).nano).toBe(nano);
});

it.each([
  ['0.1m', 1_000_000n],
  ['0.0001', 1_000_000n],
  ['1.0001', 1_001_000_000n],
  ['1.0010', 1_001_000_000n],
  ['-0.1m', -1_000_000n],
  ['1e-9', 1_000_000n],
  ['1e-999999999', 1_000_000n],
  ['0e-999999999', 0n],
  ['0.00001Ki', 11_000_000n],
])('rounds %s away from zero to three decimals', (text, nano) => {
  expect(parseQuantity(text).nano).toBe(nano);
});

it.each([
  ['12345678n', 12_345_678n],
  ['250u', 250_000n],
  ['0.5n', 1n],
  ['1.5u', 1_500n],
])('keeps %s of the metrics API to the nano-unit', (text, nano) => {
  expect(parseQuantity(text).nano).toBe(nano);
});

it.each(['9223372036854775807', '9223372036854775808', '8Ei', '16Ei', '1000E', '1e19', '1e999999999'])(
  'caps %s at 2^63 - 1',
  text => {
    expect(parseQuantity(text).nano).toBe((2n ** 63n - 1n) * NANO);
    expect(parseQuantity(`-${text}`).nano).toBe(-(2n ** 63n - 1n) * NANO);
  },
);

it.each([
  '',
  ' ',
  '1 ',
  ' 1',
  '1\n',
  '.',
  '+',
  '-',
  '--1',
  '1.2.3',
  '1,5',
  'Mi',
  '1K',
  '1ki',
  '1mi',
  '1GI',
  '1g',
  '1t',
  '1GB',
  '1MiB',
  '1mm',
  '1e',
  '1e1.5',
  '1e3m',
  '1E3Ki',
  '1i',
  '0x10',
  'NaN',
  'Infinity',
  '٣',
  '1'.repeat(65),
])('refuses %j', text => {
  expect(refusal(text)).toMatchObject({ code: 'invalid-input' });
});

it.each([
  ['1K', 'write Ki (powers of 1024) or k (powers of 1000); case matters, and no "B" follows'],
  ['512MB', 'write Mi (powers of 1024) or M (powers of 1000); case matters, and no "B" follows'],
  ['4 gib', 'write Gi (powers of 1024) or G (powers of 1000); case matters, and no "B" follows'],
  ['two', 'write a number with one of Ki Mi Gi Ti Pi Ei, m k M G T P E, or none'],
])('tells how to write %j', (text, hint) => {
  expect(refusal(text)).toMatchObject({ hint });
});

it('quotes only the beginning of an endless text', () => {
  const read = () => parseQuantity('9'.repeat(1_000_000));
  expect(read).toThrow(`"${'9'.repeat(64)}..." is not a Kubernetes quantity`);
});

it.each([
  ['0', '0'],
  ['0Mi', '0'],
  ['1.5', '1500m'],
  ['1.5Gi', '1536Mi'],
  ['1024Mi', '1Gi'],
  ['1000Mi', '1000Mi'],
  ['1000m', '1'],
  ['1000', '1k'],
  ['1024', '1024'],
  ['1000000', '1M'],
  ['0.5Ki', '512'],
  ['1023', '1023'],
  ['1.0001Ki', '1024103m'],
  ['128974848', '128974848'],
  ['129e6', '129e6'],
  ['1E3', '1e3'],
  ['1e0', '1'],
  ['1.5e0', '1500e-3'],
  ['0.1m', '1m'],
  ['12345678n', '12345678n'],
  ['1000n', '1u'],
  ['-1500m', '-1500m'],
  ['-2048Ki', '-2Mi'],
  ['1E', '1E'],
  ['8Ei', '9223372036854775807'],
])('writes %s canonically as %s', (text, canonical) => {
  expect(formatQuantity(parseQuantity(text))).toBe(canonical);
});

it('writes what it reads back to the same amount', () => {
  const suffixes = ['', 'n', 'u', 'm', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi', 'e2', 'E-2'];
  let seed = 1;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let round = 0; round < 2_000; round += 1) {
    const text = `${random(100_000)}.${random(1_000)}${suffixes[random(suffixes.length)] ?? ''}`;
    const quantity = parseQuantity(text);
    const canonical = formatQuantity(quantity);
    expect([text, parseQuantity(canonical).nano]).toEqual([text, quantity.nano]);
    expect(formatQuantity(parseQuantity(canonical))).toBe(canonical);
  }
});

it.each([
  ['128m', 'memory "128m" is 0.128 byte: "m" means a thousandth; write 128Mi or 128M'],
  ['0.5', 'memory "0.5" is 0.5 byte: "m" means a thousandth; write a whole number of bytes'],
])('warns of memory %s', (text, warning) => {
  expect(lintMemory(text)).toBe(warning);
});

it.each(['128Mi', '128M', '128', '1.5Gi', '1000m', '0'])('finds nothing wrong with memory %s', text => {
  expect(lintMemory(text)).toBeUndefined();
});

it.each([
  [0n, '0'],
  [1n, '0.000000001'],
  [250_000_000n, '0.25'],
  [-1_500_000_000n, '-1.5'],
  [3n * NANO, '3'],
])('writes %s nano-units as a plain number', (nano, decimal) => {
  expect(formatDecimal(nano)).toBe(decimal);
});
