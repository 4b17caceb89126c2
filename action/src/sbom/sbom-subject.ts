import type {
  Digest,
  Model,
  ModelFacts,
  Reference,
  Repository,
  Verdict,
} from '@modelpier/backstage-plugin-modelpier-common';

/** What an SBOM is about; it follows from this alone, so that the same image always gets the same SBOM. */
export interface SbomSubject {
  readonly repository: Repository;
  /** Of the manifest, or of the index over several. */
  readonly digest: Digest;
  readonly model: Model;
  readonly version: string;
  readonly modelDigest: Digest;
  readonly facts?: ModelFacts | undefined;
  readonly scanVerdict?: Verdict | undefined;
  readonly files: readonly { readonly path: string; readonly digest: Digest }[];
  readonly bases: readonly SbomBase[];
  /** Seconds since 1970 that the image is dated to; 0 says nothing. */
  readonly epochSeconds: number;
}

export interface SbomBase {
  readonly reference: Reference;
  readonly digest: Digest;
  readonly platform: string;
  /** SBOMs that are attached to the base image itself. */
  readonly sboms: readonly { readonly digest: Digest; readonly artifactType: string }[];
}
