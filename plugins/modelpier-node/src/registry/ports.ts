import type {
  Descriptor,
  Digest,
  Index,
  Manifest,
  Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Readable } from 'node:stream';

/** Ends a wait early; the last field of every options object that waits. */
export interface Waiting {
  readonly signal?: AbortSignal | undefined;
}

/** A manifest as the registry keeps it: the digest is of exactly these bytes. */
export interface StoredManifest {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly document: Manifest | Index;
}

/** `tag` or `digest` of a repository. */
export interface ManifestReader {
  /** Throws `not-found` where the registry has none. Verified against its digest, at most 4 MiB. */
  getManifest(repository: Repository, tagOrDigest: string, options?: Waiting): Promise<StoredManifest>;
  /** Digest, media type and size without the bytes; `undefined` where there is none. */
  headManifest(
    repository: Repository,
    tagOrDigest: string,
    options?: Waiting,
  ): Promise<Descriptor | undefined>;
}

export interface ManifestWriter {
  /** Puts the bytes under a tag or their digest; the registry's digest is compared with our own. */
  putManifest(
    repository: Repository,
    tagOrDigest: string,
    manifest: { readonly mediaType: string; readonly bytes: Uint8Array },
    options?: Waiting,
  ): Promise<Digest>;
}

export interface BlobReader {
  hasBlob(repository: Repository, digest: Digest, options?: Waiting): Promise<boolean>;
  /** A stream that fails where size or digest are not those of the descriptor. */
  openBlob(repository: Repository, descriptor: Descriptor, options?: Waiting): Promise<Readable>;
  /** The whole blob, verified; for configs and other small documents only. */
  readBlob(
    repository: Repository,
    descriptor: Descriptor,
    options?: Waiting & { readonly maxBytes?: number },
  ): Promise<Uint8Array>;
}

/**
 * What an upload needs: bytes that can be opened again, from any offset, for a retry or a resumption.
 * Registries ask for the digest after the last byte, so it may still be computed while they are sent.
 */
export interface UploadSource {
  readonly descriptor: { readonly size: number; readonly digest: Digest | Promise<Digest> };
  /** A chunk may be overwritten as soon as the next is asked for, so that a blob of any size fits in memory. */
  open(offset: number): AsyncIterable<Uint8Array>;
}

/** Bytes that are known to the last one. */
export interface BlobSource extends UploadSource {
  readonly descriptor: Descriptor;
}

export interface BlobWriter {
  /** Asks for a blob of another repository of the registry; false where it must be sent instead. */
  mountBlob(repository: Repository, digest: Digest, from: Repository, options?: Waiting): Promise<boolean>;
  /** Sends the bytes, resuming after a broken connection. `onProgress` gets the bytes sent so far. */
  uploadBlob(
    repository: Repository,
    source: UploadSource,
    options?: Waiting & { readonly onProgress?: (sentBytes: number) => void },
  ): Promise<void>;
}

export interface TagLister {
  /** Page by page, so that a repository of any size fits in memory; in the order of the registry. */
  listTags(repository: Repository, options?: Waiting): AsyncIterable<string>;
}

export interface RepositoryLister {
  /** Paths of all repositories, page by page; `not-found`, `forbidden` or alike where the registry tells none. */
  listRepositories(registry: string, options?: Waiting): AsyncIterable<string>;
}

/** A manifest that names another as its subject: a signature, a report, a list of parts. */
export type Referrer = Index['manifests'][number];

export interface ReferrerLister {
  /** Empty where nothing refers to the manifest. Registries without the API keep the list under a tag. */
  listReferrers(
    repository: Repository,
    subject: Digest,
    options?: Waiting & { readonly artifactType?: string | undefined },
  ): Promise<readonly Referrer[]>;
}

export interface ReferrerWriter {
  /** Puts a manifest that has a `subject`, and enters it into the subject's list where the registry does not. */
  putReferrer(
    repository: Repository,
    manifest: { readonly mediaType: string; readonly bytes: Uint8Array },
    options?: Waiting,
  ): Promise<Digest>;
}

/** Everything a registry does for us; functions ask for the port they need, never for this. */
export interface RegistryPorts
  extends
    ManifestReader,
    ManifestWriter,
    BlobReader,
    BlobWriter,
    TagLister,
    RepositoryLister,
    ReferrerLister,
    ReferrerWriter {}
