import {
  type Descriptor,
  type Digest,
  INDEX_MEDIA_TYPES,
  isDigest,
  MANIFEST_MEDIA_TYPES,
  ModelpierError,
  parseManifest,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import { discard, readCapped } from './body';
import { assertSameDigest, digestOf } from './digest-check';
import type { ManifestReader, ManifestWriter, StoredManifest, Waiting } from './ports';
import { pullScope, pushScope } from './scope';
import { actOf, type Session } from './session';
import type { HttpResponse } from './transport';

/** Registries refuse larger ones (distribution-spec, "Pushing manifests"). */
const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
const READ_MEDIA_TYPES: readonly string[] = [...MANIFEST_MEDIA_TYPES, ...INDEX_MEDIA_TYPES];

export const createManifests = (session: Session): ManifestReader & ManifestWriter => ({
  getManifest: (repository, tagOrDigest, { signal } = {}) =>
    session.repeat(() => getManifest({ session, repository, tagOrDigest, signal }), signal),
  headManifest: (repository, tagOrDigest, { signal } = {}) =>
    session.repeat(() => headManifest({ session, repository, tagOrDigest, signal }), signal),
  putManifest: async (repository, tagOrDigest, manifest, { signal } = {}) => {
    const { digest } = await putManifest({ session, repository, tagOrDigest, signal }, manifest);
    return digest;
  },
});

export interface Target extends Waiting {
  readonly session: Session;
  readonly repository: Repository;
  readonly tagOrDigest: string;
}

async function getManifest(target: Target): Promise<StoredManifest> {
  const { session, tagOrDigest } = target;
  const response = await session.exchange(reading(target, 'GET', [200]));
  const act = actOf({ method: 'GET', ...addressOf(target) }, session.endpoints);
  const bytes = await readCapped(response.body, MAX_MANIFEST_BYTES);
  const digest = digestOf(bytes);
  assertSameDigest(digest, isDigest(tagOrDigest) ? tagOrDigest : undefined, act);
  assertSameDigest(digest, response.header('docker-content-digest'), act);
  const json = parseJson(bytes, act);
  const mediaType = mediaTypeOf(response, json, act);
  return { digest, mediaType, bytes, document: parseManifest(json, mediaType) };
}

async function headManifest(target: Target): Promise<Descriptor | undefined> {
  const response = await target.session.exchange(reading(target, 'HEAD', [200, 404]));
  await discard(response.body);
  if (response.status === 404) return undefined;
  const digest = response.header('docker-content-digest');
  const size = response.header('content-length');
  const mediaType = contentType(response);
  if (
    digest !== undefined &&
    isDigest(digest) &&
    size !== undefined &&
    READ_MEDIA_TYPES.includes(mediaType)
  ) {
    return { mediaType, digest, size: Number(size) };
  }
  // Some registries leave headers out of the answer to HEAD; the bytes tell all three.
  const stored = await getManifest(target);
  return { mediaType: stored.mediaType, digest: stored.digest, size: stored.bytes.byteLength };
}

/** What the registry says to a manifest that it keeps now. */
export interface PutManifest {
  readonly digest: Digest;
  /** Whether the registry lists the manifest under its subject by itself (distribution-spec, `OCI-Subject`). */
  readonly listsSubject: boolean;
}

export const putManifest = (
  target: Target,
  manifest: { readonly mediaType: string; readonly bytes: Uint8Array },
): Promise<PutManifest> => target.session.repeat(() => putManifestOnce(target, manifest), target.signal);

async function putManifestOnce(
  target: Target,
  { mediaType, bytes }: { readonly mediaType: string; readonly bytes: Uint8Array },
): Promise<PutManifest> {
  const { session, repository, tagOrDigest, signal } = target;
  const digest = digestOf(bytes);
  const act = actOf({ method: 'PUT', ...addressOf(target) }, session.endpoints);
  assertSameDigest(digest, isDigest(tagOrDigest) ? tagOrDigest : undefined, act);
  const response = await session.exchange({
    method: 'PUT',
    ...addressOf(target),
    scopes: [pushScope(repository)],
    expect: [201, 202],
    headers: { 'content-type': mediaType },
    body: () => bytes,
    answerTimeoutMs: session.timeouts.commitMs,
    signal,
  });
  await discard(response.body);
  assertSameDigest(digest, response.header('docker-content-digest'), act);
  return { digest, listsSubject: response.header('oci-subject') !== undefined };
}

const addressOf = ({ session, repository, tagOrDigest }: Target) => ({
  repository,
  url: session.url(repository, `manifests/${tagOrDigest}`),
});

const reading = (target: Target, method: 'GET' | 'HEAD', expect: readonly number[]) => ({
  method,
  ...addressOf(target),
  scopes: [pullScope(target.repository)],
  expect,
  headers: { accept: READ_MEDIA_TYPES.join(', ') },
  signal: target.signal,
});

const contentType = (response: HttpResponse): string =>
  (response.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/** The answer's media type, or the document's own where the answer has only a general one. */
function mediaTypeOf(response: HttpResponse, json: unknown, act: string): string {
  const answered = contentType(response);
  if (READ_MEDIA_TYPES.includes(answered)) return answered;
  const own = typeof json === 'object' && json !== null && 'mediaType' in json ? json.mediaType : undefined;
  if (typeof own === 'string' && READ_MEDIA_TYPES.includes(own)) return own;
  throw new ModelpierError(
    'unsupported',
    `${act}: a manifest of type ${JSON.stringify(answered)} cannot be read`,
    {
      hint: 'push the image again with a tool of this decade: OCI or Docker schema 2',
    },
  );
}

function parseJson(bytes: Uint8Array, act: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ModelpierError('invalid-document', `${act}: the manifest is not JSON`, { cause });
  }
}
