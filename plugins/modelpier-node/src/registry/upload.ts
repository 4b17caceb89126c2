import { RegistryError } from './registry-error';
import { isTransient, MAX_RESUMES, MAX_TRIES, pause, retryDelayMs } from './retry';
import {
  beginUpload,
  commitUpload,
  findProgress,
  hasBlob,
  type Progress,
  sendRest,
  sendWhole,
  type Upload,
} from './upload-request';

/** What a registry says that takes no PATCH at all. */
const TAKES_NO_PATCH: readonly number[] = [405, 415, 416, 501];
/** The registry lost the upload, or has another idea of how far it is. */
const IS_LOST: readonly number[] = [404, 416];

/**
 * Sends a blob as one stream (POST, PATCH, PUT; distribution-spec, "Pushing blobs"): several chunks
 * are refused by some registries, and one stream is the last chunk, so `OCI-Chunk-Min-Length` holds.
 * A registry that takes no PATCH gets POST and one PUT with all of it.
 */
export async function uploadBlob(upload: Upload): Promise<void> {
  const { session, source, signal } = upload;
  const { clock, random } = session.policy;
  const progress = newProgress(upload);
  let furthest = 0;
  for (let tried = 1, resumed = 0; ; tried++) {
    const beganAtMs = clock.now();
    try {
      await tryUpload(upload, progress);
      return;
    } catch (error) {
      if (tried >= MAX_TRIES || !isWorthAnotherTry(error, progress)) throw error;
      if (!isRefusedPatch(error, progress)) {
        await pause(retryDelayMs(tried, random, error.retryAfterMs), { clock, error, signal });
      }
      if (await recover(upload, progress, error)) return;
      if (progress.offset === 0) assertInTime(upload, error, clock.now() - beganAtMs);
      // A connection that breaks every few gigabytes is no reason to give up.
      if (progress.offset > furthest && resumed++ < MAX_RESUMES) tried = 0;
      furthest = Math.max(furthest, progress.offset);
      upload.onProgress?.(Math.min(progress.offset, source.descriptor.size));
    }
  }
}

/** What a registry cut for its length, and forgot, would take as long again. */
function assertInTime({ session, repository }: Upload, error: RegistryError, tookMs: number): void {
  const { maxUploadMinutes = Infinity } = session.traits(repository.registry);
  if (tookMs < maxUploadMinutes * 60_000) return;
  throw new RegistryError(error.code, error.message, {
    cause: error,
    hint: `${repository.registry} ends an upload after ${maxUploadMinutes} minutes: split the model into smaller files, or push over a faster line`,
  });
}

function newProgress({ session, repository: { registry }, wholeOnly }: Upload): Progress {
  const { wholeBlobsOnly = false } = session.traits(registry);
  const isWhole = wholeBlobsOnly || wholeOnly.has(registry);
  return { ...nothingSent(), mayResume: true, isWhole, timesLost: 0 };
}

const nothingSent = () => ({
  stage: 'begin' as const,
  location: undefined,
  offset: 0,
  minChunkBytes: 0,
  isResumed: false,
});

async function tryUpload(upload: Upload, progress: Progress): Promise<void> {
  const { source, onProgress } = upload;
  const { size } = source.descriptor;
  if (progress.location === undefined) await beginUpload(upload, progress);
  if (progress.isWhole) {
    await sendWhole(upload, progress);
  } else {
    if (progress.offset < size) await sendRest(upload, progress);
    await commitUpload(upload, progress);
  }
  onProgress?.(size);
}

function isWorthAnotherTry(error: unknown, progress: Progress): error is RegistryError {
  if (isTransient(error)) return true;
  if (!(error instanceof RegistryError) || error.status === undefined || progress.location === undefined)
    return false;
  return (
    IS_LOST.includes(error.status) || isRefusedResume(error, progress) || isRefusedPatch(error, progress)
  );
}

/** What was put together from two streams, or should have been, may do as one. */
const isRefusedResume = ({ status }: RegistryError, { isResumed }: Progress): boolean =>
  isResumed && (status === 400 || status === 405 || status === 409);

const isRefusedPatch = ({ status }: RegistryError, { stage, isWhole, isResumed }: Progress): boolean =>
  stage === 'send' && !isWhole && !isResumed && TAKES_NO_PATCH.includes(status ?? 0);

/** Finds out what to do next; true where the registry turns out to have the whole blob. */
async function recover(upload: Upload, progress: Progress, error: RegistryError): Promise<boolean> {
  if (isRefusedPatch(error, progress)) {
    upload.wholeOnly.add(upload.repository.registry);
    Object.assign(progress, nothingSent(), { isWhole: true });
    return false;
  }
  if (isTransient(error) && progress.mayResume && !progress.isWhole) return findProgress(upload, progress);
  const isLost = IS_LOST.includes(error.status ?? 0);
  // A registry that keeps losing what is sent with PATCH may keep what is sent with PUT.
  const isWhole = progress.isWhole || (isLost && progress.stage === 'send' && progress.timesLost > 0);
  const timesLost = progress.timesLost + (isLost ? 1 : 0);
  const mayResume = progress.mayResume && !progress.isResumed;
  Object.assign(progress, nothingSent(), { isWhole, timesLost, mayResume });
  return hasBlob(upload);
}
