import type { Repository } from '@modelpier/backstage-plugin-modelpier-common';
import { Readable } from 'node:stream';
import { discard } from './body';
import { assertSameDigest } from './digest-check';
import type { BlobSource, BlobWriter } from './ports';
import { resolveLocation } from './redirect';
import { RegistryError } from './registry-error';
import { isTransient, MAX_TRIES, pause, retryDelayMs } from './retry';
import { pushScope } from './scope';
import { actOf, type Call, type Session } from './session';
import type { HttpResponse } from './transport';

type Upload = Parameters<BlobWriter['uploadBlob']>[2] & {
  readonly session: Session;
  readonly repository: Repository;
  readonly source: BlobSource;
};

/** Where an upload stands: the registry's address for it, and how much the registry has. */
interface Progress {
  location: URL | undefined;
  offset: number;
}

/**
 * Sends a blob as one stream (POST, PATCH, PUT; distribution-spec, "Pushing blobs"): several chunks
 * are refused by some registries, and one stream is the last chunk, so `OCI-Chunk-Min-Length` holds.
 */
export async function uploadBlob(upload: Upload): Promise<void> {
  const { session, source, signal } = upload;
  const progress: Progress = { location: undefined, offset: 0 };
  let furthest = 0;
  for (let tried = 1; ; tried++) {
    try {
      await tryUpload(upload, progress);
      return;
    } catch (error) {
      if (!isWorthAnotherTry(error, progress) || tried >= MAX_TRIES) throw error;
      const { clock, random } = session.policy;
      await pause(retryDelayMs(tried, random, error.retryAfterMs), { clock, error, signal });
      if (await findProgress(upload, progress)) return;
      // A connection that breaks every few gigabytes is no reason to give up.
      if (progress.offset > furthest) tried = 0;
      furthest = Math.max(furthest, progress.offset);
      upload.onProgress?.(Math.min(progress.offset, source.descriptor.size));
    }
  }
}

/** The registry lost the upload (404), or has another idea of how far it is (416). */
const isLost = (error: unknown): error is RegistryError =>
  error instanceof RegistryError && (error.status === 404 || error.status === 416);

function isWorthAnotherTry(error: unknown, progress: Progress): error is RegistryError {
  return isTransient(error) || (progress.location !== undefined && isLost(error));
}

async function tryUpload(upload: Upload, progress: Progress): Promise<void> {
  const { source, onProgress } = upload;
  const { size } = source.descriptor;
  progress.location ??= await begin(upload);
  if (progress.offset < size) {
    progress.location = await stream(upload, progress.location, progress.offset);
    progress.offset = size;
  }
  await commit(upload, progress.location);
  onProgress?.(size);
}

async function begin(upload: Upload): Promise<URL> {
  const { session, repository } = upload;
  const url = session.url(repository, 'blobs/uploads/');
  const response = await exchange(upload, {
    method: 'POST',
    url,
    expect: [202],
    headers: { 'content-length': '0' },
  });
  return nextLocation(upload, response, url);
}

async function stream(upload: Upload, url: URL, offset: number): Promise<URL> {
  const { source, onProgress } = upload;
  const { size } = source.descriptor;
  const response = await exchange(upload, {
    method: 'PATCH',
    url,
    // 202 by the specification; Amazon ECR answers 201, others 204.
    expect: [202, 201, 204],
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(size - offset),
      ...(offset > 0 && { 'content-range': `${offset}-${size - 1}` }),
    },
    body: () => counted(source, offset, onProgress),
    answerTimeoutMs: upload.session.timeouts.commitMs,
  });
  return response.header('location') === undefined ? url : nextLocation(upload, response, url);
}

async function commit(upload: Upload, location: URL): Promise<void> {
  const { digest } = upload.source.descriptor;
  const url = new URL(location);
  url.searchParams.set('digest', digest);
  const response = await exchange(upload, {
    method: 'PUT',
    url,
    expect: [201, 204],
    headers: { 'content-length': '0', 'content-type': 'application/octet-stream' },
    answerTimeoutMs: upload.session.timeouts.commitMs,
  });
  assertSameDigest(
    digest,
    response.header('docker-content-digest'),
    actOf({ method: 'PUT', url, repository: upload.repository }, upload.session.endpoints),
  );
}

/** Sets how far the registry is, by its own word; true where it turns out to have the whole blob. */
async function findProgress(upload: Upload, progress: Progress): Promise<boolean> {
  if (progress.location === undefined) return false;
  const { session, source, signal } = upload;
  const { location } = progress;
  const response = await session.repeat(
    () => exchange(upload, { method: 'GET', url: location, expect: [204, 202, 200, 400, 404, 405, 416] }),
    signal,
  );
  const received = receivedBytes(response);
  if (received !== undefined && received <= source.descriptor.size) {
    progress.location =
      response.header('location') === undefined ? location : nextLocation(upload, response, location);
    progress.offset = received;
    return false;
  }
  progress.location = undefined;
  progress.offset = 0;
  // The last answer may have been lost, not the upload.
  return hasBlob(upload);
}

/** `Range: 0-1023` is 1024 bytes; `0-0` is said for no byte as well as for one, so it counts as lost. */
function receivedBytes({ status, header }: HttpResponse): number | undefined {
  if (status >= 300) return undefined;
  const last = /^(?:bytes=)?0-(\d{1,15})$/.exec(header('range') ?? '')?.[1];
  return last === undefined || last === '0' ? undefined : Number(last) + 1;
}

async function hasBlob(upload: Upload): Promise<boolean> {
  const { session, repository, source, signal } = upload;
  const url = session.url(repository, `blobs/${source.descriptor.digest}`);
  const response = await session.repeat(
    () => exchange(upload, { method: 'HEAD', url, expect: [200, 404] }),
    signal,
  );
  return response.status === 200;
}

async function exchange(
  { session, repository, signal }: Upload,
  call: Omit<Call, 'repository' | 'scopes' | 'signal'>,
): Promise<HttpResponse> {
  const response = await session.exchange({ ...call, repository, scopes: [pushScope(repository)], signal });
  await discard(response.body);
  return response;
}

function nextLocation({ session, repository }: Upload, response: HttpResponse, from: URL): URL {
  const act = actOf({ method: 'POST', url: from, repository }, session.endpoints);
  const location = resolveLocation(response, act);
  session.endpoints.assertMayVisit(location, from);
  return location;
}

/** The source from an offset on, telling how much has gone. */
function counted(source: BlobSource, offset: number, onProgress: Upload['onProgress']): Readable {
  const bytes = source.open(offset);
  if (onProgress === undefined) return bytes;
  return Readable.from(count(bytes, offset, onProgress), { objectMode: false });
}

async function* count(
  bytes: Readable,
  offset: number,
  onProgress: (sentBytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let sentBytes = offset;
  for await (const chunk of bytes as AsyncIterable<Uint8Array>) {
    yield chunk;
    sentBytes += chunk.byteLength;
    onProgress(sentBytes);
  }
}
