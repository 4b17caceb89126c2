import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import {
  ledgerLabels,
  list,
  literal,
  metadata,
  ModelpierError,
  object,
  parseWith,
  STORED_RELEASE_TYPE,
  type StoredManifests,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject, Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import { LEDGER_MANAGER, type LedgerPlace } from './place';

const KEY = 'manifests.json.gz';
/** The API server takes 1 MiB of data in a Secret. */
export const MOST_STORED_BYTES = 1_000_000;
/** Far more than what an API server accepts as manifests; a Secret may have been written by anybody. */
const MOST_UNPACKED_BYTES = 64 * 1024 * 1024;

/** Manifests as they are kept. */
export interface PackedManifests {
  /** Of the text before it is compressed. */
  readonly digest: string;
  readonly bytes: Buffer;
}

const stored = object({
  apiVersion: literal('modelpier.io/v1'),
  kind: literal('StoredManifests'),
  objects: list(object({ apiVersion: text, kind: text, metadata })),
});

export async function packManifests(objects: readonly KubernetesObject[]): Promise<PackedManifests> {
  const json = JSON.stringify({ apiVersion: 'modelpier.io/v1', kind: 'StoredManifests', objects });
  return { digest: digestOf(json), bytes: await promisify(gzip)(json) };
}

/** Writes them under the name that the ledger gives them. */
export async function storeManifests(
  { cluster, namespace, model }: LedgerPlace,
  { secret: name, bytes }: { readonly secret: string; readonly bytes: Buffer },
  { signal }: Waiting,
): Promise<void> {
  const secret: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: ledgerLabels(model) },
    type: STORED_RELEASE_TYPE,
    data: { [KEY]: bytes.toString('base64') },
  };
  await cluster.applyObject(secret, { fieldManager: LEDGER_MANAGER, force: true, signal });
}

/** The manifests that the ledger says are there; throws where they are not, or are others. */
export async function readManifests(
  { cluster, namespace }: LedgerPlace,
  { secret: name, digest }: StoredManifests,
  { signal }: Waiting,
): Promise<readonly KubernetesObject[]> {
  const act = `read the manifests in Secret/${namespace}/${name}`;
  const secret = await cluster.getObject({ apiVersion: 'v1', kind: 'Secret', namespace, name }, { signal });
  if (secret === undefined) throw lost(act, 'there is no such Secret');
  const data = secret['data'] as Readonly<Record<string, string>> | undefined;
  const json = await unpack(data?.[KEY] ?? '', act);
  if (digestOf(json) !== digest) throw lost(act, 'they are not those that the ledger names');
  const document: unknown = JSON.parse(json);
  parseWith(stored, document, act);
  // Checked, and with all fields that the decoder passes over.
  return (document as { readonly objects: readonly KubernetesObject[] }).objects;
}

async function unpack(base64: string, act: string): Promise<string> {
  try {
    const bytes = await promisify(gunzip)(Buffer.from(base64, 'base64'), {
      maxOutputLength: MOST_UNPACKED_BYTES,
    });
    return bytes.toString('utf8');
  } catch (cause) {
    throw lost(act, `${KEY} cannot be unpacked`, cause);
  }
}

const lost = (act: string, reason: string, cause?: unknown): ModelpierError =>
  new ModelpierError('not-found', `${act}: ${reason}`, {
    hint: 'release the version again, or roll back to another one',
    cause,
  });

const digestOf = (json: string): string => `sha256:${createHash('sha256').update(json).digest('hex')}`;
