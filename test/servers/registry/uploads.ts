import { randomUUID } from 'node:crypto';
import { type Answer, empty, Refusal } from './answer';
import type { Exchange, Upload } from './exchange';

/** `POST /v2/<name>/blobs/uploads/`: begins an upload, mounts a blob, or takes all of it at once. */
export async function beginUpload(exchange: Exchange, repository: string): Promise<Answer> {
  const { registry, url } = exchange;
  const mount = url.searchParams.get('mount');
  const from = url.searchParams.get('from');
  if (mount !== null && from !== null && exchange.mayPull(from)) {
    if (registry.repositories.find(from)?.blobs.has(mount) === true) {
      await registry.repositories.change(repository, ({ blobs }) => blobs.add(mount));
      return created(repository, mount);
    }
  }
  const id = randomUUID();
  const upload = { repository, stored: await registry.blobs.startUpload() };
  registry.uploads.set(id, upload);
  const digest = url.searchParams.get('digest');
  if (digest === null) return progress(202, id, upload);
  await append(exchange, upload);
  return finish(exchange, id, upload);
}

/** `/v2/<name>/blobs/uploads/<id>`. */
export async function continueUpload(exchange: Exchange, repository: string, id: string): Promise<Answer> {
  const upload = exchange.registry.uploads.get(id);
  if (upload?.repository !== repository) {
    throw new Refusal(404, 'BLOB_UPLOAD_UNKNOWN', 'blob upload unknown to registry');
  }
  switch (exchange.method) {
    case 'GET':
      return progress(204, id, upload);
    case 'PATCH':
      assertInOrder(exchange, id, upload);
      await append(exchange, upload);
      return progress(202, id, upload);
    case 'PUT':
      assertInOrder(exchange, id, upload);
      await append(exchange, upload);
      return finish(exchange, id, upload);
    case 'DELETE':
      exchange.registry.uploads.delete(id);
      await upload.stored.drop();
      return empty(204);
    default:
      throw new Refusal(405, 'UNSUPPORTED', 'The operation is unsupported.');
  }
}

async function append(exchange: Exchange, upload: Upload): Promise<void> {
  for await (const chunk of exchange.body) await upload.stored.append(chunk);
}

async function finish(exchange: Exchange, id: string, upload: Upload): Promise<Answer> {
  const { registry, url } = exchange;
  const digest = url.searchParams.get('digest');
  if (digest === null || digest !== upload.stored.digest()) {
    throw new Refusal(400, 'DIGEST_INVALID', 'provided digest did not match uploaded content');
  }
  await upload.stored.keep();
  registry.uploads.delete(id);
  await registry.repositories.change(upload.repository, ({ blobs }) => blobs.add(digest));
  return created(upload.repository, digest);
}

function assertInOrder(exchange: Exchange, id: string, upload: Upload): void {
  const start = /^(\d+)-\d+$/.exec(exchange.headers['content-range'] ?? '')?.[1];
  if (start === undefined || Number(start) === upload.stored.receivedBytes) return;
  const { headers } = progress(416, id, upload);
  throw new Refusal(416, 'BLOB_UPLOAD_INVALID', 'the chunk does not begin where the last one ended', headers);
}

const created = (repository: string, digest: string): Answer =>
  empty(201, { location: `/v2/${repository}/blobs/${digest}`, 'docker-content-digest': digest });

/** `Range: 0-0` stands for nothing as well as for one byte, as in the real one. */
const progress = (status: number, id: string, { repository, stored }: Upload): Answer =>
  empty(status, {
    location: `/v2/${repository}/blobs/uploads/${id}`,
    range: `0-${Math.max(0, stored.receivedBytes - 1)}`,
    'docker-upload-uuid': id,
  });
