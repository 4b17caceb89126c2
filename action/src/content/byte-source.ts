/**
 * Random access to bytes. Reads block, as nothing else is done meanwhile and each takes microseconds.
 * `read` answers exactly what lies in the range, which must be inside the source.
 */
export interface ByteSource {
  readonly sizeBytes: number;
  read(offset: number, length: number): Buffer;
}

/** Content that is not what its format says; the offset counts from the start of the source. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
  readonly offset: number;

  constructor(offset: number, message: string) {
    // It says where in the content, which is what matters; where in the code takes most of its time.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = limit;
    this.offset = offset;
  }
}

export const memorySource = (bytes: Uint8Array): ByteSource => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    sizeBytes: buffer.length,
    read: (offset, length) => buffer.subarray(offset, assertInside(buffer.length, offset, length)),
  };
};

/** A part of a source as a source of its own. */
export function sliceOf(source: ByteSource, from: number, length: number): ByteSource {
  assertInside(source.sizeBytes, from, length);
  return {
    sizeBytes: length,
    read: (offset, wanted) => {
      assertInside(length, offset, wanted);
      return source.read(from + offset, wanted);
    },
  };
}

/** The end of a range, once it is known to be inside. */
export function assertInside(sizeBytes: number, offset: number, length: number): number {
  if (offset >= 0 && length >= 0 && offset + length <= sizeBytes) return offset + length;
  throw new Malformed(Math.min(Math.max(offset, 0), sizeBytes), `${length} bytes are said to follow`);
}
