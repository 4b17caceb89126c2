/** Semantic Versioning 2.0.0, with the leading `v` that tags often have. */
const SEMVER = /^v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;
const CONTENT_TAG = /^(?:sha-)?[0-9a-f]{7,64}$/;

const padded = (digits: string): string => digits.padStart(9, '0');

/** Text that sorts as the semantic versions do; empty for any other text. */
export function versionKey(version: string | null): string {
  const [, major, minor, patch, prerelease] = SEMVER.exec(version ?? '') ?? [];
  if (major === undefined || minor === undefined || patch === undefined) return '';
  const core = [major, minor, patch].map(padded).join('.');
  // "~" sorts after every letter and digit, as a release does after its pre-releases.
  if (prerelease === undefined) return `${core}~`;
  return `${core}-${prerelease.replaceAll(/\d+/g, padded)}`.slice(0, 255);
}

/** Tags that by custom never move: a full semantic version, a commit, a digest. */
export const looksImmutable = (tag: string): boolean => SEMVER.test(tag) || CONTENT_TAG.test(tag);

/** Tags under which cosign and others keep signatures, not images (`sha256-<hex>.sig`). */
export const isReferrerTag = (tag: string): boolean => /^sha256-[0-9a-f]{64}(?:\.\w+)?$/.test(tag);

/** The highest semantic version among tags, or `null` where none is one. */
export function versionOfTags(tags: readonly string[]): string | null {
  const [highest] = tags
    .filter(tag => versionKey(tag) !== '')
    .toSorted((a, b) => (versionKey(a) < versionKey(b) ? 1 : -1));
  return highest ?? null;
}
