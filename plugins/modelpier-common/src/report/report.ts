import { diagnoses } from '../diagnosis/diagnosis';
import { evidence } from '../diagnosis/evidence';
import { reportedGolden } from '../golden/golden-result';
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
  parseWith,
  record,
  text,
} from '../parse/decoder';
import { releaseLink } from '../release/release-record';
import { NEW_LAYER_REASONS } from '../reuse/lint';
import { fitFinding } from '../fit/finding';
import { factChange } from '../model/compare-facts';
import { modelFacts } from '../model/facts';
import { scanResult } from '../model/verdict';
import { reportedProof } from './proof';
import { objectRef } from '../workload/object-ref';
import { status } from '../workload/status';

export const MODES = ['auto', 'plan', 'build', 'deploy', 'release', 'promote', 'rollback'] as const;
export type Mode = (typeof MODES)[number];

/** Where a layer's bytes came from when the image was pushed. */
export const FATES = ['present', 'mounted', 'copied', 'uploaded'] as const;
export type Fate = (typeof FATES)[number];

/** Whether a layer's bytes crossed the network. */
export const isSent = (fate: Fate): boolean => fate === 'uploaded' || fate === 'copied';

/** What a layer holds; `base` layers come with the base image, those of a `dockerfile` hold what it says. */
export const LAYER_KINDS = ['base', 'weights', 'assets', 'code', 'dockerfile'] as const;
export type LayerKind = (typeof LAYER_KINDS)[number];

/** `applied`: sent to the cluster and not waited for, so that there is no verdict. */
export const DEPLOYMENT_STATUSES = [
  'healthy',
  'rolled-back',
  'failed',
  'unchanged',
  'applied',
  'planned',
] as const;
export type DeploymentStatus = (typeof DEPLOYMENT_STATUSES)[number];

/** What server-side apply did to an object. */
export const APPLY_ACTIONS = ['created', 'configured', 'unchanged'] as const;
export type ApplyAction = (typeof APPLY_ACTIONS)[number];

export const reportedLayer = object({
  digest,
  sizeBytes: count,
  kind: literal(...LAYER_KINDS),
  fate: literal(...FATES),
  files: list(text),
  /** Only in an index: whose image the layer is in. A layer that several share is in each. */
  platform: optional(text),
  /** Why the version before could not share it; nothing where it did, or there was none. */
  whyNew: optional(literal(...NEW_LAYER_REASONS)),
});
export type ReportedLayer = Decoded<typeof reportedLayer>;

/** R = 1 - (S1 + ... + SN) / S0 in bytes of compressed layers; see `computeReuse`. */
export const reportedReuse = object({
  ratio: nullable(number),
  totalBytes: count,
  newBytes: count,
  reason: optional(text),
});

/** One image of an index; its layers are those of the report that name its platform. */
export const reportedPlatform = object({
  platform: text,
  digest,
  configDigest: digest,
  baseDigest: optional(digest),
  reuse: reportedReuse,
});
export type ReportedPlatform = Decoded<typeof reportedPlatform>;

/** The same image in one more repository. */
export const reportedCopy = object({
  reference: text,
  changed: flag,
  bytesPushed: count,
  bytesReused: count,
});
export type ReportedCopy = Decoded<typeof reportedCopy>;

/**
 * What one push made. Of an index, `reference`, `digest`, bytes and layers are of the whole; what only
 * one image has (`platform`, `configDigest`, `base`, `reuse`) is that of its first platform.
 */
export const reportedImage = object({
  reference: text,
  digest,
  configDigest: digest,
  tags: list(text),
  platform: text,
  /** Only of an index: each of its images, in the order that was asked for. */
  platforms: optional(list(reportedPlatform)),
  /** Only of an index: what its images share among themselves, by the formula of a fleet. */
  sharing: optional(reportedReuse),
  /** What is another than in the version before, by the facts of both. */
  changes: optional(list(factChange)),
  /** The other repositories that got the image. */
  copies: optional(list(reportedCopy)),
  /** Nothing where a Dockerfile stands on none, or on one that could not be read. */
  base: optional(object({ reference: text, digest })),
  modelDigest: digest,
  changed: flag,
  /** False where a push was only worked out: the fates of layers are what it would do. */
  isPushed: optional(flag),
  bytesTotal: count,
  bytesPushed: count,
  bytesReused: count,
  reuse: reportedReuse,
  layers: list(reportedLayer),
});
export type ReportedImage = Decoded<typeof reportedImage>;

/** One change of an object's health, in milliseconds since the apply began. */
export const rolloutEvent = object({ atMs: count, object: objectRef, status });
export type RolloutEvent = Decoded<typeof rolloutEvent>;

/** What became of an object: what the apply did, or `pruned` where the release before had it last. */
const OBJECT_ACTIONS = [...APPLY_ACTIONS, 'pruned'] as const;

export const reportedObject = object({
  ref: objectRef,
  action: literal(...OBJECT_ACTIONS),
  status,
  /** Only in a plan: the lines of YAML that an apply would change. */
  diff: optional(text),
});
export type ReportedObject = Decoded<typeof reportedObject>;

/** How a failed release was taken back. */
export const reportedRollback = object({
  /** The release whose manifests were applied again. */
  to: releaseLink,
  image: text,
  outcome: literal('healthy', 'failed'),
  /** Why it failed. */
  reason: optional(text),
  objects: list(reportedObject),
  /** In milliseconds since the rollback began. */
  timeline: list(rolloutEvent),
  /** What the failed release brought and the release before does not have; it stays in the cluster. */
  left: list(objectRef),
});
export type ReportedRollback = Decoded<typeof reportedRollback>;

export const reportedDeployment = object({
  status: literal(...DEPLOYMENT_STATUSES),
  namespace: text,
  environment: optional(text),
  image: text,
  previousImage: optional(text),
  replicas: optional(object({ ready: count, desired: count })),
  objects: list(reportedObject),
  timeline: list(rolloutEvent),
  /** Only of a release that failed and that was to be taken back. */
  rollback: optional(reportedRollback),
  /** Why a failed release could not be taken back. */
  notRolledBack: optional(text),
  /** Only in `mode: rollback`: the release whose manifests this one applied. */
  rolledBackTo: optional(releaseLink),
  /** What of the cluster it may not go together with; nothing where that was not checked. */
  fit: optional(list(fitFinding)),
  /** Only of a rollout that failed: why, the deepest cause first, and how it stood before anything was undone. */
  diagnosis: optional(diagnoses),
  evidence: optional(evidence),
  /** What the new pods answered; nothing where there is no golden file, or the pods did not get that far. */
  golden: optional(reportedGolden),
});
export type ReportedDeployment = Decoded<typeof reportedDeployment>;

/** Everything one run of the action learned; what is not known yet at a failure is left out. */
export const report = object({
  apiVersion: literal('modelpier.io/v1'),
  kind: literal('RunReport'),
  mode: literal(...MODES),
  startedAt: text,
  finishedAt: text,
  run: object({
    repository: optional(text),
    commit: optional(text),
    actor: optional(text),
    url: optional(text),
  }),
  model: optional(
    object({
      name: text,
      version: text,
      title: optional(text),
      format: text,
      metrics: optional(record(number)),
      facts: optional(modelFacts),
    }),
  ),
  /** Nothing where no scan was asked for. */
  scan: optional(scanResult),
  image: optional(reportedImage),
  proof: optional(reportedProof),
  /** What the image answered in a container engine of the runner, before it got its tags. */
  golden: optional(reportedGolden),
  deployment: optional(reportedDeployment),
  warnings: list(text),
  failure: optional(object({ code: text, message: text, hint: optional(text) })),
});
export type Report = Decoded<typeof report>;

export const parseReport = (json: unknown): Report => parseWith(report, json, 'run report');
