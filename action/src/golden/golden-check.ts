import type { GoldenFile } from './read-golden';

/** The cases of a release, and whether it may go on where there is no way to ask for them. */
export interface GoldenCheck extends GoldenFile {
  readonly isRequired: boolean;
}
