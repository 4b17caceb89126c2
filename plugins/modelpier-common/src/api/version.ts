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
import { goldenNote } from '../golden/golden-result';
import { modelFacts, tensorFacts } from '../model/facts';
import { VERDICTS } from '../model/verdict';
import { LAYER_KINDS } from '../report/report';
import { NEW_LAYER_REASONS } from '../reuse/lint';
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

/** What a document that refers to an image is. A signature that is there is not one that was verified. */
export const REFERRER_KINDS = ['signature', 'attestation', 'sbom', 'other'] as const;
export type ReferrerKind = (typeof REFERRER_KINDS)[number];

export const referrer = object({
  kind: literal(...REFERRER_KINDS),
  artifactType: text,
  /** A digest, or the tag that older tools keep it under. */
  name: text,
  firstSeenAt: text,
});
export type Referrer = Decoded<typeof referrer>;

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
  /** The verdict of the scan that was made before the push; left out where none was. */
  scan: optional(literal(...VERDICTS)),
  /** Left out where the registry was not asked yet. */
  referrers: optional(list(referrer)),
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
  /** Left out where that is not to be seen. */
  whyNew: optional(literal(...NEW_LAYER_REASONS)),
  /** How many other versions, of this and of other models, have this very blob. */
  sharedWithVersions: count,
  /** Names of the newest of these in the same repository. */
  sharedVersions: optional(list(text)),
  sharedWithModels: list(text),
});
export type VersionLayer = Decoded<typeof versionLayer>;

/** How to call the model by the Open Inference Protocol V2: `POST /v2/models/<model>/infer`. */
export const modelCall = object({
  model: text,
  inputs: list(tensorFacts),
  outputs: list(tensorFacts),
});
export type ModelCall = Decoded<typeof modelCall>;

export const versionDetail = object({
  version,
  layers: list(versionLayer),
  previous: nullable(digest),
  /** Left out where the image does not say. */
  facts: optional(modelFacts),
  /** Of the newest release of this version that was held against a golden file, and where that was. */
  golden: optional(object({ note: goldenNote, environment: nullable(text), at: text })),
  /** Left out where inputs and outputs are not known. */
  call: optional(modelCall),
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
