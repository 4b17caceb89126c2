type Random = (below: number) => number;
type Mutation = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

const LONGEST = 16 * 1024;
/** Where lengths and signs turn over. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

const at = (bytes: Buffer, random: Random): number => random(bytes.length + 1);

const edit =
  (change: (bytes: Buffer, random: Random) => void): Mutation =>
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) change(copy, random);
    return copy;
  };

const MUTATIONS: readonly Mutation[] = [
  edit((bytes, random) => (bytes[random(bytes.length)] = random(256))),
  edit((bytes, random) => {
    const position = random(bytes.length);
    bytes[position] = (bytes[position] ?? 0) ^ (1 << random(8));
  }),
  edit((bytes, random) => {
    if (bytes.length >= 4) bytes.writeUInt32LE(EDGES[random(EDGES.length)] ?? 0, random(bytes.length - 3));
  }),
  edit((bytes, random) => {
    if (bytes.length >= 8) bytes.writeBigUInt64LE(2n ** BigInt(random(64)), random(bytes.length - 7));
  }),
  (bytes, random) => bytes.subarray(0, at(bytes, random)),
  (bytes, random) => {
    const from = at(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + random(16))]);
  },
  (bytes, random) => {
    const from = at(bytes, random);
    const added = Buffer.from(Array.from({ length: 1 + random(8) }, () => random(256)));
    return Buffer.concat([bytes.subarray(0, from), added, bytes.subarray(from)]);
  },
  (bytes, random) => {
    const from = at(bytes, random);
    const part = bytes.subarray(from, from + 1 + random(64));
    return Buffer.concat([
      bytes.subarray(0, from),
      ...Array<Buffer>(1 + random(8)).fill(part),
      bytes.subarray(from),
    ]);
  },
  (bytes, random, other) =>
    Buffer.concat([bytes.subarray(0, at(bytes, random)), other.subarray(at(other, random))]),
];

/** A variant of the bytes, a few changes away. */
export function mutate(bytes: Buffer, random: Random, other: Buffer): Buffer {
  let mutated = bytes;
  for (let left = 1 + random(5); left > 0; left--) {
    mutated = (MUTATIONS[random(MUTATIONS.length)] ?? (same => same))(mutated, random, other);
  }
  return mutated.subarray(0, LONGEST);
}
