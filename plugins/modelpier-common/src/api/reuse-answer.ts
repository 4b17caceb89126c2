import { digest } from '../image/digest';
import {
  count,
  type Decoded,
  list,
  literal,
  nullable,
  number,
  object,
  optional,
  text,
} from '../parse/decoder';
import { REUSE_BASES, REUSE_MODES, REUSE_REASONS } from '../reuse/reuse';
import { sources } from './source';

/** R = 1 - (S1 + ... + SN) / S0, with the numbers that went in; with `unknown`, of what is known. */
export const reuse = object({
  mode: literal(...REUSE_MODES),
  basis: literal(...REUSE_BASES),
  /** S0. */
  totalBytes: count,
  /** S1 + ... + SN. */
  newBytes: count,
  /** N. */
  newLayers: count,
  ratio: nullable(number),
  reason: optional(literal(...REUSE_REASONS)),
  /** Of the reused bytes, those of the base image's layers and those of our own. */
  reusedBaseBytes: count,
  reusedOwnBytes: count,
});
export type ReuseResult = Decoded<typeof reuse>;

export const reuseAnswer = object({
  /** The newest version against the one before, by repository and platform. */
  releases: list(
    object({
      repository: text,
      platform: text,
      digest,
      /** The image of this platform; of a version with one platform, the version itself. */
      image: optional(digest),
      version: nullable(text),
      previous: nullable(digest),
      reuse,
    }),
  ),
  /** Every live version of the model together: what sharing saves in the registry. */
  fleet: reuse,
  sources,
});
export type ReuseAnswer = Decoded<typeof reuseAnswer>;
