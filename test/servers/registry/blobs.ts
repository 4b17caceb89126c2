import { type Answer, empty, Refusal } from './answer';
import type { Exchange } from './exchange';

/** `/v2/<name>/blobs/<digest>`. */
export async function serveBlob(exchange: Exchange, repository: string, digest: string): Promise<Answer> {
  const { registry, method } = exchange;
  const sizeBytes = registry.repositories.find(repository)?.blobs.has(digest)
    ? await registry.blobs.sizeOf(digest)
    : undefined;
  if (sizeBytes === undefined) throw new Refusal(404, 'BLOB_UNKNOWN', 'blob unknown to registry');
  const headers = {
    'accept-ranges': 'bytes',
    'content-type': 'application/octet-stream',
    'docker-content-digest': digest,
  };
  switch (method) {
    case 'HEAD':
      return { status: 200, headers: { ...headers, 'content-length': String(sizeBytes) } };
    case 'GET': {
      const start = rangeStart(exchange.headers.range, sizeBytes);
      const range = start > 0 && { 'content-range': `bytes ${start}-${sizeBytes - 1}/${sizeBytes}` };
      return {
        status: start > 0 ? 206 : 200,
        headers: { ...headers, ...range, 'content-length': String(sizeBytes - start) },
        body: registry.blobs.read(digest, start),
      };
    }
    case 'DELETE':
      await registry.repositories.change(repository, ({ blobs }) => blobs.delete(digest));
      return empty(202);
    default:
      throw new Refusal(405, 'UNSUPPORTED', 'The operation is unsupported.');
  }
}

/** Only `bytes=n-` is served; anything else gets the whole blob, as HTTP allows. */
function rangeStart(range: string | undefined, sizeBytes: number): number {
  const start = /^bytes=(\d+)-$/.exec(range ?? '')?.[1];
  if (start === undefined) return 0;
  if (Number(start) >= sizeBytes) throw new Refusal(416, 'SIZE_INVALID', 'the range begins after the end');
  return Number(start);
}
