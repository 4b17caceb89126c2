import type { Digest, Repository } from '@modelpier/backstage-plugin-modelpier-common';
import { discard } from './body';
import type { BlobWriter, Waiting } from './ports';
import { RegistryError } from './registry-error';
import { pullScope, pushScope } from './scope';
import type { Session } from './session';
import { uploadBlob } from './upload';

export function createBlobWriter(session: Session): BlobWriter {
  const wholeOnly = new Set<string>();
  return {
    mountBlob: (repository, digest, from, { signal } = {}) =>
      repository.registry === from.registry
        ? mount(session, { repository, digest, from, signal })
        : Promise.resolve(false),
    uploadBlob: (repository, source, options = {}) =>
      uploadBlob({ session, repository, source, wholeOnly, ...options }),
  };
}

interface Mount extends Waiting {
  readonly repository: Repository;
  readonly digest: Digest;
  readonly from: Repository;
}

/** 201 where it is there now; 202 begins an upload that we let lapse (distribution-spec, "Mounting"). */
async function mount(session: Session, { repository, digest, from, signal }: Mount): Promise<boolean> {
  const url = session.url(repository, 'blobs/uploads/');
  const scopes = [pushScope(repository), pullScope(from)];
  url.searchParams.set('mount', digest);
  url.searchParams.set('from', from.path);
  try {
    return await session.repeat(async () => {
      if (!(await session.covers(repository, scopes))) return false;
      const response = await session.exchange({
        method: 'POST',
        repository,
        url,
        scopes,
        expect: [201, 202],
        headers: { 'content-length': '0' },
        signal,
      });
      await discard(response.body);
      return response.status === 201;
    }, signal);
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

/** Who may not read the other repository, or whose registry cannot mount, sends the bytes instead. */
const isRefusal = (error: unknown): boolean =>
  error instanceof RegistryError && [400, 401, 403, 404, 405].includes(error.status ?? 0);
