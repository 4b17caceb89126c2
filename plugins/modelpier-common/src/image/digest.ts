import { ModelpierError } from '../error';
import { checked } from '../parse/decoder';

declare const digestBrand: unique symbol;
/** The identity of bytes: `sha256:` and 64 lower-case hex digits (OCI image-spec, descriptor.md). */
export type Digest = `sha256:${string}` & { readonly [digestBrand]: true };

const SHA256 = /^sha256:[0-9a-f]{64}$/;

export const isDigest = (value: string): value is Digest => SHA256.test(value);

export function parseDigest(value: string): Digest {
  if (isDigest(value)) return value;
  throw new ModelpierError(
    'invalid-document',
    `${JSON.stringify(value.slice(0, 100))} is not a digest: expected sha256: and 64 lower-case hex digits`,
  );
}

/** The first 12 hex digits, as people compare digests. */
export const shortDigest = (digest: Digest): string => digest.slice('sha256:'.length, 'sha256:'.length + 12);

/** Decodes a digest inside a document. */
export const digest = checked(parseDigest);
