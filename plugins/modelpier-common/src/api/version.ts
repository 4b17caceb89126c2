import { digest } from '../image/digest';
import {
  count,
  type Decoded,
  flag,
  list,
  literal,
  nullable,
  number,
  object,
  optional,
  record,
  text,
} from '../parse/decoder';
import { LAYER_KINDS } from '../report/report';
import { objectRef } from '../workload/object-ref';
import { sources } from './source';

/** Where a version runs. */
export const placement = object({
  cluster: text,
  namespace: text,
  workload: objectRef,
  environment: optional(text),
});
export type Placement = Decoded<typeof placement>;

export const version = object({
  digest,
  repository: text,
  /** Newest first. */
  tags: list(text),
  version: nullable(text),
  /** When the portal first saw this digest: registries do not tell when it was pushed. */
  firstSeenAt: text,
  platforms: list(text),
  /** Compressed layer bytes. */
  sizeBytes: count,
  /** Of these, the bytes that the version before did not have; `null` on what is not an image. */
  newBytes: nullable(count),
  /** R = 1 - newBytes / sizeBytes against the version before. */
  reuseRatio: nullable(number),
  model: nullable(text),
  modelDigest: nullable(digest),
  format: nullable(text),
  metrics: record(number),
  commit: nullable(text),
  sourceUrl: nullable(text),
  baseName: nullable(text),
  deployedIn: list(placement),
});
export type Version = Decoded<typeof version>;

export const versionLayer = object({
  position: count,
  digest,
  sizeBytes: count,
  mediaType: text,
  kind: literal(...LAYER_KINDS, 'unknown'),
  files: list(text),
  /** Whether the version before had this very blob. */
  inPrevious: flag,
  /** How many other versions, of this and of other models, have this very blob. */
  sharedWithVersions: count,
  sharedWithModels: list(text),
});
export type VersionLayer = Decoded<typeof versionLayer>;

export const versionDetail = object({
  version,
  layers: list(versionLayer),
  previous: nullable(digest),
  sources,
});
export type VersionDetail = Decoded<typeof versionDetail>;

export const versionsPage = object({
  items: list(version),
  nextCursor: nullable(text),
  total: count,
  sources,
});
export type VersionsPage = Decoded<typeof versionsPage>;
