/** A version as semver.org defines it, 2.0.0. */
export interface Semver {
  /** As it was written, a leading `v` included. */
  readonly raw: string;
  readonly major: string;
  readonly minor: string;
  readonly patch: string;
  readonly prerelease: string | undefined;
}

const NUMBER = '(0|[1-9]\\d*)';
const IDENTIFIER = '(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)';
const SEMVER = new RegExp(
  `^v?${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-(${IDENTIFIER}(?:\\.${IDENTIFIER})*))?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$`,
);

/** Git tags have a `v` in front, which is no part of the version; nothing where the text is no version. */
export function readSemver(raw: string): Semver | undefined {
  const [, major, minor, patch, prerelease] = SEMVER.exec(raw) ?? [];
  if (major === undefined || minor === undefined || patch === undefined) return undefined;
  return { raw, major, minor, patch, prerelease };
}

/** Without build metadata, which says nothing of the order of versions. */
export const formatSemver = ({ major, minor, patch, prerelease }: Semver): string =>
  `${major}.${minor}.${patch}${prerelease === undefined ? '' : `-${prerelease}`}`;
