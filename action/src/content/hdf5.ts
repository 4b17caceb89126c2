import { type ByteSource, Malformed } from './byte-source';
import { walkJson } from './json';
import type { Range } from './range';

export const HDF5_MAGIC = '\x89HDF\r\n\x1a\n';
const CHUNK_BYTES = 1024 * 1024;
/** Keras writes its whole configuration as one text; in any other it would be chance. */
const CONFIG_START = /\{"(?:class_name|module|name)": ?"/;
const OVERLAP_BYTES = 64;
const CONFIG_LIMIT = 1000;

export interface Hdf5 {
  readonly superblock: number;
  /** Texts that read as a Keras configuration. */
  readonly configs: readonly Range[];
}

/** What an HDF5 file shows without its tree of groups. */
export const readHdf5 = (source: ByteSource): Hdf5 => ({
  superblock: source.read(HDF5_MAGIC.length, 1)[0] ?? 0,
  configs: findConfigs(source),
});

/**
 * The Keras configurations in a file. They are looked for in all bytes, as attributes lie anywhere and a structure
 * can be made to hide them.
 */
export function findConfigs(source: ByteSource): readonly Range[] {
  const configs: Range[] = [];
  let past = 0;
  for (let from = 0; from < source.sizeBytes; from += CHUNK_BYTES) {
    const chunk = source.read(from, Math.min(CHUNK_BYTES + OVERLAP_BYTES, source.sizeBytes - from));
    for (let at = chunk.indexOf('{"'); at !== -1 && at < CHUNK_BYTES; at = chunk.indexOf('{"', at + 1)) {
      if (from + at < past || !CONFIG_START.test(chunk.toString('latin1', at, at + OVERLAP_BYTES))) continue;
      const end = endOfJson(source, from + at);
      if (end === undefined) continue;
      if (configs.length === CONFIG_LIMIT)
        throw new Malformed(from + at, 'more configurations than any model has');
      configs.push({ from: from + at, length: end - from - at });
      past = end;
    }
  }
  return configs;
}

function endOfJson(source: ByteSource, from: number): number | undefined {
  try {
    return walkJson(source, {}, { from });
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}
