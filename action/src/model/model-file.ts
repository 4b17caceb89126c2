/** A file that goes into the image, found and checked. */
export interface ModelFile {
  /** Inside the model directory, with forward slashes; also its place below the target path. */
  readonly path: string;
  /** Where the bytes are, symbolic links resolved. */
  readonly absolutePath: string;
  readonly sizeBytes: number;
}

/** Order by UTF-8 bytes, which no locale changes and UTF-16 code units do not give. */
export const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
