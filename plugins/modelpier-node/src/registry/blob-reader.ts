import {
  type Descriptor,
  ModelpierError,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import { Readable } from 'node:stream';
import { discard, readCapped, skip } from './body';
import { createDigestCheck } from './digest-check';
import type { BlobReader, Waiting } from './ports';
import { connectionError } from './registry-error';
import { isTransient, MAX_RESUMES, MAX_TRIES, pause, retryDelayMs } from './retry';
import { pullScope } from './scope';
import { actOf, type Session } from './session';
import type { HttpResponse } from './transport';

/** A config of many thousand history lines fits; a layer does not. */
const MAX_READ_BYTES = 4 * 1024 * 1024;

export function createBlobReader(session: Session): BlobReader {
  const openBlob = async (repository: Repository, descriptor: Descriptor, { signal }: Waiting = {}) =>
    open({ session, repository, descriptor, signal });
  return {
    openBlob,
    hasBlob: (repository, digest, { signal } = {}) =>
      session.repeat(async () => {
        const response = await session.exchange({
          method: 'HEAD',
          repository,
          url: session.url(repository, `blobs/${digest}`),
          scopes: [pullScope(repository)],
          expect: [200, 404],
          signal,
        });
        await discard(response.body);
        return response.status === 200;
      }, signal),
    readBlob: async (repository, descriptor, { maxBytes = MAX_READ_BYTES, signal } = {}) => {
      if (descriptor.size > maxBytes) {
        throw new ModelpierError(
          'too-large',
          `${repository.registry}/${repository.path}@${descriptor.digest} has ${descriptor.size} bytes, more than the ${maxBytes} that are read`,
        );
      }
      return readCapped(await openBlob(repository, descriptor, { signal }), maxBytes);
    },
  };
}

interface Download {
  readonly session: Session;
  readonly repository: Repository;
  readonly descriptor: Descriptor;
  readonly signal: AbortSignal | undefined;
}

/** The first answer is awaited, so that an absent blob is an error at once and not in the stream. */
async function open(download: Download): Promise<Readable> {
  const { session, signal } = download;
  const current = { response: await session.repeat(() => request(download, 0), signal) };
  const stream = Readable.from(checkedChunks(download, current), { objectMode: false });
  stream.once('close', () => current.response.body.destroy());
  return stream;
}

/** The bytes as they come; after a broken connection the rest is asked for. */
async function* checkedChunks(
  download: Download,
  current: { response: HttpResponse },
): AsyncGenerator<Uint8Array> {
  const { session, descriptor, signal } = download;
  const act = actOf({ method: 'GET', ...addressOf(download) }, session.endpoints);
  const check = createDigestCheck(descriptor, act);
  for (let tried = 1, resumed = 0; ; tried++) {
    const before = check.seenBytes;
    try {
      for await (const chunk of current.response.body as AsyncIterable<Uint8Array>) {
        check.take(chunk);
        yield chunk;
      }
      check.finish();
      return;
    } catch (thrown) {
      const error = connectionError(act, thrown, signal);
      if (check.seenBytes > before && resumed++ < MAX_RESUMES) tried = 1;
      if (!isTransient(error) || tried >= MAX_TRIES) throw error;
      const { clock, random } = session.policy;
      await pause(retryDelayMs(tried, random), { clock, error, signal });
      current.response = await session.repeat(() => request(download, check.seenBytes), signal);
    }
  }
}

const addressOf = ({ session, repository, descriptor }: Download) => ({
  repository,
  url: session.url(repository, `blobs/${descriptor.digest}`),
});

async function request(download: Download, offset: number): Promise<HttpResponse> {
  const { session, repository, signal } = download;
  const response = await session.exchange({
    method: 'GET',
    ...addressOf(download),
    scopes: [pullScope(repository)],
    expect: offset === 0 ? [200] : [200, 206],
    ...(offset > 0 && { headers: { range: `bytes=${offset}-` } }),
    signal,
  });
  if (offset === 0 || startsAt(response, offset)) return response;
  // The registry sent all of it again.
  return { ...response, body: Readable.from(skip(response.body, offset), { objectMode: false }) };
}

const startsAt = ({ status, header }: HttpResponse, offset: number): boolean =>
  status === 206 && (header('content-range') ?? '').startsWith(`bytes ${offset}-`);
