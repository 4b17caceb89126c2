import { goldenNote } from '../golden/golden-result';
import { type Decoded, literal, object, optional, text } from '../parse/decoder';

/**
 * How a release ended. `unchanged`: everything was so already; `applied`: nobody waited for a verdict;
 * `interrupted`: its run died and said nothing. `rolled-back` and `rollback-failed` are failed releases, by what
 * became of the way back.
 */
export const RELEASE_VERDICTS = [
  'in-progress',
  'healthy',
  'unchanged',
  'applied',
  'failed',
  'rolled-back',
  'rollback-failed',
  'cancelled',
  'interrupted',
] as const;
export type ReleaseVerdict = (typeof RELEASE_VERDICTS)[number];

/** Another release of the same ledger; it may have been dropped from it since. */
export const releaseLink = object({ id: text, version: text });
export type ReleaseLink = Decoded<typeof releaseLink>;

/** Where the manifests of a release are kept, and the digest of what was written there. */
const storedManifests = object({ secret: text, digest: text });
export type StoredManifests = Decoded<typeof storedManifests>;

/** One release of a model into one namespace: what, by whom, when, and how it ended. */
export const releaseRecord = object({
  /** Begins with the time in UTC, so that ids sort as releases do: `20260301t120000-3fa9`. */
  id: text,
  version: text,
  /** `repository@sha256:...`. */
  image: text,
  environment: optional(text),
  commit: optional(text),
  actor: optional(text),
  runUrl: optional(text),
  /** RFC 3339, as all times. */
  startedAt: text,
  /** Missing while the release is in progress. */
  finishedAt: optional(text),
  verdict: literal(...RELEASE_VERDICTS),
  /** Why, in one sentence. */
  reason: optional(text),
  /** What is wrong with it and what would mend it, where that is known. */
  diagnosis: optional(text),
  /** What its pods answered; missing where there was no golden file. */
  golden: optional(goldenNote),
  /** The release whose manifests were to be applied again: after a failure, or because somebody asked. */
  rolledBackTo: optional(releaseLink),
  /** Only on a rollback that somebody asked for: the newest release until then. */
  rolledBackFrom: optional(releaseLink),
  /** Missing where there is nothing to go back to: too large to keep, or dropped for newer ones. */
  manifests: optional(storedManifests),
});
export type ReleaseRecord = Decoded<typeof releaseRecord>;

/** Whether the release was proven to work. */
export const isHealthyRelease = ({ verdict }: ReleaseRecord): boolean =>
  verdict === 'healthy' || verdict === 'unchanged';
