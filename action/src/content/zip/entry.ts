/** What a zip archive may do that a clean writer never does, and that makes readers see different things. */
export type ZipTrickKind =
  | 'duplicate-name'
  | 'encrypted'
  | 'headers-differ'
  | 'bad-checksum'
  | 'bad-size'
  | 'high-ratio'
  | 'unsafe-name'
  | 'hidden-bytes'
  | 'overlap'
  | 'unknown-compression';

export interface ZipTrick {
  readonly kind: ZipTrickKind;
  readonly offset: number;
  readonly detail: string;
  /** The entry that it is about. */
  readonly member?: string;
}

export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly flags: number;
  readonly crc: number;
  readonly compressedBytes: number;
  readonly sizeBytes: number;
  /** Of the local header. */
  readonly offset: number;
  /** Of the first byte of data. */
  readonly dataOffset: number;
}

export const STORED = 0;
export const DEFLATED = 8;
export const ENCRYPTED_FLAG = 0x1;
/** Sizes follow the data. */
export const DESCRIPTOR_FLAG = 0x8;
