import {
  type Descriptor,
  type Digest,
  OCI_CONFIG,
  OCI_LAYER_TAR,
  OCI_MANIFEST,
  parseDigest,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { BlobSource, Clock, RegistryPorts } from '@modelpier/backstage-plugin-modelpier-node';
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';

export const digestOf = (bytes: Uint8Array): Digest =>
  parseDigest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);

/** Bytes as a blob, opened in pieces of 64 KiB as a file would be. */
export function blobOf(bytes: Uint8Array, mediaType = OCI_LAYER_TAR): BlobSource {
  const descriptor = { mediaType, digest: digestOf(bytes), size: bytes.byteLength };
  return { descriptor, open: offset => Readable.from(pieces(bytes, offset), { objectMode: false }) };
}

function* pieces(bytes: Uint8Array, offset: number): Generator<Uint8Array> {
  const pieceBytes = 64 * 1024;
  for (let at = offset; at < bytes.byteLength; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

export const jsonBytes = (document: unknown): Uint8Array => Buffer.from(JSON.stringify(document));

export function manifestOf(config: Descriptor, layers: readonly Descriptor[]) {
  const document = { schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers };
  return { mediaType: OCI_MANIFEST, bytes: jsonBytes(document) };
}

/** A small image of one layer, pushed under the tag. */
export async function pushImage(registry: RegistryPorts, repository: Repository, tag: string) {
  const config = blobOf(
    jsonBytes({ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] } }),
    OCI_CONFIG,
  );
  const layer = blobOf(randomBytes(1000));
  for (const blob of [config, layer]) await registry.uploadBlob(repository, blob);
  const manifest = manifestOf(config.descriptor, [layer.descriptor]);
  return { manifest, config, layer, digest: await registry.putManifest(repository, tag, manifest) };
}

/** A clock that waits for nobody and remembers how long it was asked to. */
export function patientClock(): Clock & { readonly sleptMs: number[]; passMs(ms: number): void } {
  const sleptMs: number[] = [];
  let nowMs = Date.parse('2026-01-01T00:00:00Z');
  return {
    sleptMs,
    passMs: ms => {
      nowMs += ms;
    },
    now: () => nowMs,
    sleep: (ms, signal) => {
      signal?.throwIfAborted();
      sleptMs.push(ms);
      nowMs += ms;
      return Promise.resolve();
    },
  };
}
