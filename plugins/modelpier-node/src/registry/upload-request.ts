import type { Repository } from '@modelpier/backstage-plugin-modelpier-common';
import { discard } from './body';
import { assertSameDigest } from './digest-check';
import type { BlobWriter, UploadSource } from './ports';
import { resolveLocation } from './redirect';
import { RegistryError } from './registry-error';
import { pushScope } from './scope';
import { actOf, type Call, type Session } from './session';
import type { HttpResponse } from './transport';

export type Upload = Parameters<BlobWriter['uploadBlob']>[2] & {
  readonly session: Session;
  readonly repository: Repository;
  readonly source: UploadSource;
  /** Registries that turned out to take a blob with one PUT only; shared by the uploads of a client. */
  readonly wholeOnly: Set<string>;
};

/** Where an upload stands. */
export interface Progress {
  stage: 'begin' | 'send' | 'commit';
  /** The registry's address for the upload, once it has given one. */
  location: URL | undefined;
  /** How many bytes the registry has. */
  offset: number;
  /** Of every PATCH but the last (distribution-spec, "OCI-Chunk-Min-Length"). */
  minChunkBytes: number;
  /** Whether more than one PATCH has gone to this location. */
  isResumed: boolean;
  /** Until the registry proves that it cannot go on where it stopped. */
  mayResume: boolean;
  /** Whether all of it goes with one PUT. */
  isWhole: boolean;
  timesLost: number;
}

export async function beginUpload(upload: Upload, progress: Progress): Promise<void> {
  const { session, repository } = upload;
  const url = session.url(repository, 'blobs/uploads/');
  progress.stage = 'begin';
  const response = await exchange(upload, {
    method: 'POST',
    url,
    expect: [202],
    headers: { 'content-length': '0' },
  });
  const minChunk = response.header('oci-chunk-min-length') ?? '';
  progress.minChunkBytes = /^\d{1,15}$/.test(minChunk) ? Number(minChunk) : 0;
  progress.location = nextLocation(upload, response, url);
}

/** One PATCH with all that the registry does not have yet. */
export async function sendRest(upload: Upload, progress: Progress): Promise<void> {
  const { offset } = progress;
  const { size } = upload.source.descriptor;
  const url = locationOf(progress);
  progress.stage = 'send';
  progress.isResumed = offset > 0;
  const response = await exchange(upload, {
    method: 'PATCH',
    url,
    // 202 by the specification; Amazon ECR answers 201, others 204.
    expect: [202, 201, 204],
    headers: {
      ...bytesHeaders(size - offset),
      ...(offset > 0 && { 'content-range': `${offset}-${size - 1}` }),
    },
    body: () => counted(upload, offset),
    answerTimeoutMs: upload.session.timeouts.commitMs,
  });
  if (response.header('location') !== undefined) progress.location = nextLocation(upload, response, url);
  progress.offset = size;
}

export async function commitUpload(upload: Upload, progress: Progress): Promise<void> {
  progress.stage = 'commit';
  await finish(upload, progress, { headers: bytesHeaders(0) });
}

/** All of it with the request that ends the upload ("POST then PUT"). */
export async function sendWhole(upload: Upload, progress: Progress): Promise<void> {
  const { size } = upload.source.descriptor;
  progress.stage = 'send';
  await finish(upload, progress, { headers: bytesHeaders(size), body: () => counted(upload, 0) });
}

async function finish(
  upload: Upload,
  progress: Progress,
  message: Pick<Call, 'headers' | 'body'>,
): Promise<void> {
  const { session, repository, source } = upload;
  const digest = await source.descriptor.digest;
  const url = new URL(locationOf(progress));
  url.searchParams.set('digest', digest);
  const response = await exchange(upload, {
    ...message,
    method: 'PUT',
    url,
    expect: [201, 204],
    answerTimeoutMs: session.timeouts.commitMs,
  });
  const act = actOf({ method: 'PUT', url, repository }, session.endpoints);
  assertSameDigest(digest, response.header('docker-content-digest'), act);
}

/** Sets how far the registry is, by its own word; true where it turns out to have the whole blob. */
export async function findProgress(upload: Upload, progress: Progress): Promise<boolean> {
  const { location, minChunkBytes } = progress;
  if (location === undefined) return false;
  const response = await askProgress(upload, location);
  const received = response === undefined ? undefined : receivedBytes(response);
  if (
    response !== undefined &&
    received !== undefined &&
    received >= minChunkBytes &&
    received <= upload.source.descriptor.size
  ) {
    if (response.header('location') !== undefined) {
      progress.location = nextLocation(upload, response, location);
    }
    progress.offset = received;
    return false;
  }
  progress.location = undefined;
  progress.offset = 0;
  // The last answer may have been lost, not the upload.
  return hasBlob(upload);
}

/** Nothing where the registry does not tell: many cannot. */
async function askProgress(upload: Upload, location: URL): Promise<HttpResponse | undefined> {
  try {
    return await upload.session.repeat(
      () => exchange(upload, { method: 'GET', url: location, expect: [204, 202, 200] }),
      upload.signal,
    );
  } catch (error) {
    if (error instanceof RegistryError && error.status !== undefined) return undefined;
    throw error;
  }
}

/** `Range: 0-1023` is 1024 bytes; `0-0` is said for no byte as well as for one, so it counts as lost. */
function receivedBytes({ header }: HttpResponse): number | undefined {
  const last = /^(?:bytes=)?0-(\d{1,15})$/.exec(header('range') ?? '')?.[1];
  return last === undefined || last === '0' ? undefined : Number(last) + 1;
}

export async function hasBlob(upload: Upload): Promise<boolean> {
  const { session, repository, source, signal } = upload;
  const url = session.url(repository, `blobs/${await source.descriptor.digest}`);
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

function locationOf({ location }: Progress): URL {
  if (location === undefined) throw new TypeError('an upload that was not begun');
  return location;
}

const bytesHeaders = (sizeBytes: number): Readonly<Record<string, string>> => ({
  'content-type': 'application/octet-stream',
  'content-length': String(sizeBytes),
});

/** The source from an offset on, telling how much has gone. */
async function* counted({ source, onProgress }: Upload, offset: number): AsyncGenerator<Uint8Array> {
  let sentBytes = offset;
  for await (const chunk of source.open(offset)) {
    yield chunk;
    sentBytes += chunk.byteLength;
    onProgress?.(sentBytes);
  }
}
