/** A file that goes into the image, found and checked. */
export interface ModelFile {
  /** Inside the model directory, with forward slashes; also its place below the target path. */
  readonly path: string;
  /** Where the bytes are, symbolic links resolved. */
  readonly absolutePath: string;
  readonly sizeBytes: number;
}

/** Order by UTF-8 bytes, which no locale changes and UTF-16 code units do not give. */
export function compareBytes(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at++) {
    const unit = a.charCodeAt(at);
    const other = b.charCodeAt(at);
    if (unit !== other) return utf8Rank(unit) - utf8Rank(other);
  }
  return a.length - b.length;
}

/** In UTF-8, what takes two code units in UTF-16 (U+10000 and above) comes after all that takes one. */
const utf8Rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
