import { digest } from '../image/digest';
import { count, type Decoded, flag, list, literal, nullable, object, optional, text } from '../parse/decoder';
import { RELEASE_VERDICTS, releaseLink } from '../release/release-record';
import { goldenNote } from '../golden/golden-result';
import { sources } from './source';

/** A release as its ledger tells of it, and where that ledger was found. */
export const release = object({
  id: text,
  cluster: text,
  namespace: text,
  environment: nullable(text),
  version: text,
  image: text,
  digest: nullable(digest),
  commit: nullable(text),
  actor: nullable(text),
  runUrl: nullable(text),
  startedAt: text,
  /** `null` while it is in progress. */
  finishedAt: nullable(text),
  verdict: literal(...RELEASE_VERDICTS),
  reason: nullable(text),
  /** What is wrong with it and what would mend it, where that is known. */
  diagnosis: nullable(text),
  /** What its pods answered to the golden file; left out where there is none. */
  golden: optional(goldenNote),
  /** After a failure, or because somebody asked. */
  rolledBackTo: optional(releaseLink),
  /** Only on a rollback that somebody asked for. */
  rolledBackFrom: optional(releaseLink),
  /** Whether one can go back to it: it was healthy, and its manifests are kept. */
  canReturn: flag,
});
export type Release = Decoded<typeof release>;

export const releasesPage = object({
  items: list(release),
  nextCursor: nullable(text),
  total: count,
  sources,
});
export type ReleasesPage = Decoded<typeof releasesPage>;
