import { gather } from './gather';

async function* pieces(...lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  for (const [position, length] of lengths.entries()) yield Buffer.alloc(length, position);
  await Promise.resolve();
}

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(Uint8Array.from(chunk));
  return chunks;
}

const KIB = 1024;

it.each([
  ['nothing', [], []],
  ['one small piece', [5], [5]],
  ['small pieces, up to a block', [30 * KIB, 30 * KIB, 30 * KIB], [60 * KIB, 30 * KIB]],
  ['a block that is filled to the last byte', [32 * KIB, 32 * KIB, 1], [64 * KIB, 1]],
  ['a large piece, as it is', [512, 1024 * KIB, 512, 512], [512, 1024 * KIB, 1024]],
  ['empty pieces', [0, 3, 0], [3]],
])('gathers %s', async (_, lengths, expected) => {
  for (const transient of [true, false]) {
    const chunks = await collect(gather(pieces(...lengths), { transient }));

    expect(chunks.map(({ length }) => length)).toEqual(expected);
    expect(Buffer.concat(chunks)).toEqual(Buffer.concat(await collect(pieces(...lengths))));
  }
});

it('keeps what it gave away, unless it may write over it', async () => {
  const blocks = gather(pieces(40 * KIB, 40 * KIB, 40 * KIB), { transient: false });
  const first = (await blocks.next()).value as Uint8Array;
  await blocks.next();

  expect(first.every(byte => byte === 0)).toBe(true);
});
