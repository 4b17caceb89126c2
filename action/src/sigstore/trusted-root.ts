import type { TrustedRoot } from '@sigstore/protobuf-specs';
import {
  list,
  ModelpierError,
  object,
  optional,
  parseWith,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';

/** Whose certificates, logs and timestamps are believed; each of several stands for itself. */
export type TrustedRoots = readonly TrustedRoot[];

const HINT =
  'give a trusted_root.json of sigstore, or what `gh attestation trusted-root` writes: one JSON document, or one a line';
const MOST_ROOTS = 16;

/** What the library reads of it without a look at whether it is there. */
const key = object({ publicKey: object({ rawBytes: text }), logId: object({ keyId: text }) });
const authority = object({ certChain: object({ certificates: list(object({ rawBytes: text })) }) });
const shape = object({
  certificateAuthorities: list(authority),
  tlogs: optional(list(key)),
  ctlogs: optional(list(key)),
  timestampAuthorities: optional(list(authority)),
});

/** One document, or one a line. */
export async function parseTrustedRoots(json: string): Promise<TrustedRoots> {
  const { TrustedRoot } = await import('@sigstore/protobuf-specs');
  return documentsOf(json).map(document => {
    const {
      certificateAuthorities,
      tlogs = [],
      timestampAuthorities = [],
    } = parseWith(shape, document, 'trusted-root');
    if (certificateAuthorities.length === 0) throw refusal('it trusts no certificate authority');
    if (tlogs.length + timestampAuthorities.length === 0) {
      throw refusal(
        'it trusts neither a log nor a timestamp authority, so nothing says when a signature was made',
      );
    }
    try {
      return TrustedRoot.fromJSON(document);
    } catch (cause) {
      throw refusal('it is not what sigstore calls a trusted root', cause);
    }
  });
}

function documentsOf(text: string): readonly unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return parseLines(text);
  }
}

function parseLines(text: string): readonly unknown[] {
  const lines = text.split('\n').filter(line => line.trim() !== '');
  if (lines.length === 0) throw refusal('it is empty');
  if (lines.length > MOST_ROOTS)
    throw refusal(`it has more than ${MOST_ROOTS} lines, and is not one document`);
  try {
    return lines.map(line => JSON.parse(line) as unknown);
  } catch (cause) {
    throw refusal('it is not JSON', cause);
  }
}

const refusal = (reason: string, cause?: unknown): ModelpierError =>
  new ModelpierError('invalid-document', `trusted-root: ${reason}`, { hint: HINT, cause });

/** sigstore's public root by TUF: signed by its keepers, whose first keys come with the library. */
export async function fetchTrustedRoots({ folder }: { readonly folder: string }): Promise<TrustedRoots> {
  const { DEFAULT_MIRROR_URL, getTrustedRoot } = await import('@sigstore/tuf');
  try {
    return [
      await getTrustedRoot({ cachePath: folder, timeout: 10_000, retry: { retries: 2, minTimeout: 500 } }),
    ];
  } catch (cause) {
    throw new ModelpierError(
      'unreachable',
      `verify: sigstore's trusted root could not be fetched from ${DEFAULT_MIRROR_URL}`,
      {
        hint: 'where it cannot be reached, keep a trusted_root.json in the workspace and name it by trusted-root',
        cause,
      },
    );
  }
}
