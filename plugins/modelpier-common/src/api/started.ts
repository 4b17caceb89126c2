import { type Digest, digest } from '../image/digest';
import { type Decoded, literal, nullable, object, text } from '../parse/decoder';
import { dispatchAnswer, VERSION_PATTERN } from './dispatch';
import type { Release } from './release';

export const PORTAL_ACTIONS = ['rollback', 'promote'] as const;
export type PortalAction = (typeof PORTAL_ACTIONS)[number];

/** What somebody had started from the portal, as their browser remembers it. */
export const started = object({
  requestId: text,
  action: literal(...PORTAL_ACTIONS),
  environment: text,
  /** The version as people call it, and its digest where that is known. */
  version: text,
  digest: nullable(digest),
  at: text,
  /** Of the newest release of the environment until then; ids sort as releases do. */
  after: nullable(text),
  /** `null` while nobody knows whether it was started. */
  answer: nullable(dispatchAnswer),
});
export type Started = Decoded<typeof started>;

/** The release that was made by what was started, once a ledger tells of it. */
export function findStarted(
  releases: readonly Release[],
  { action, environment, version, digest: wanted, after, answer }: Started,
): Release | undefined {
  const runUrl = answer?.runUrl;
  const isMeant = (release: Release): boolean => {
    if (runUrl !== undefined && release.runUrl !== null) return release.runUrl === runUrl;
    if (action === 'promote') return release.digest === wanted;
    return release.rolledBackFrom !== undefined && release.version === version;
  };
  return releases
    .filter(release => release.environment === environment && (after === null || release.id > after))
    .sort((one, other) => (one.id < other.id ? -1 : 1))
    .find(isMeant);
}

/** The id of the newest release of an environment. */
export const newestReleaseId = (releases: readonly Release[], environment: string): string | null =>
  releases
    .filter(release => release.environment === environment)
    .map(({ id }) => id)
    .reduce<string | null>((newest, id) => (newest === null || id > newest ? id : newest), null);

/**
 * The releases that an environment can go back to, newest first: of each version the newest, as a rollback is asked
 * for by version, and none of what runs already.
 */
export function rollbackChoices(
  releases: readonly Release[],
  { environment, running }: { readonly environment: string; readonly running: ReadonlySet<Digest> },
): readonly Release[] {
  const seen = new Set<string>();
  return releases.filter(release => {
    const { version, canReturn } = release;
    if (release.environment !== environment || !canReturn || seen.has(version)) return false;
    seen.add(version);
    const isRunning = release.digest !== null && running.has(release.digest);
    return !isRunning && new RegExp(VERSION_PATTERN).test(version);
  });
}
