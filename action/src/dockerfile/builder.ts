import type { Digest, Platform, Reference } from '@modelpier/backstage-plugin-modelpier-common';
import type { Texts } from './texts';

export const DOCKERFILE_BUILDERS = ['buildx', 'buildah'] as const;
export type DockerfileBuilder = (typeof DOCKERFILE_BUILDERS)[number];

/** A Dockerfile and the folder whose files it may copy; both real paths. */
export interface Dockerfile {
  readonly file: string;
  readonly contextFolder: string;
}

/** What a builder is told. */
export interface ToolBuild {
  readonly dockerfile: Dockerfile;
  readonly platforms: readonly Platform[];
  readonly buildArgs: Texts;
  /** Files that hold the secrets, by id: a value would stand in the list of processes. */
  readonly secretFiles: Texts;
  readonly labels: Texts;
  readonly annotations: Texts;
  readonly epochSeconds: number;
  /** Whether every image it pulls is in a registry without TLS. */
  readonly pullsPlain: boolean;
  /** Where to push; nothing for a build that is only tried. */
  readonly push: Push | undefined;
  /** Names of the builder's own files in here are free to use. */
  readonly scratchFolder: string;
}

interface Push {
  /** With a tag. */
  readonly reference: Reference;
  readonly isPlain: boolean;
}

/** A program that builds Dockerfiles, pushes, and says the digest of what it pushed. */
export interface ImageBuilder {
  readonly name: DockerfileBuilder;
  /** Nothing where nothing was pushed. */
  build(build: ToolBuild): Promise<Digest | undefined>;
}
