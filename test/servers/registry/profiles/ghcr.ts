import { Refusal } from '../answer';
import type { Exchange } from '../exchange';
import { announcedBytes, isUploadPart, type Profile, uploadOf } from '../profile';

const MAX_CHUNK_BYTES = 4 * 1024 * 1024;

interface GhcrOptions {
  readonly user: string;
  readonly token: string;
  /** Packages that this token may not read. */
  readonly foreignPackages?: readonly string[];
  /** Stands for the 10 GB of the real one. */
  readonly maxLayerBytes?: number;
  /** Stands for what fits into the 10 minutes of the real one: then the upload is cut and forgotten. */
  readonly maxUploadBytes?: number;
}

/**
 * GitHub's container registry.
 * - A PATCH with a Content-Range takes 4 MiB; without one it takes a stream of any length:
 *   oras-project/rust-oci-client#35, ocx-sh/ocx#237 (the words), cirruslabs/tart#159.
 * - 10 GB a layer, 10 minutes an upload: docs.github.com, "Working with the Container registry".
 * - Tokens that say nothing, from a realm on the same host; a scope that is not given refuses all of the
 *   token: `DENIED: requested access to the resource is denied`.
 * - No referrers API: oras-project/oras-java#773.
 */
export function ghcr(options: GhcrOptions): Profile {
  const { user, token, foreignPackages = [], maxLayerBytes = Infinity, maxUploadBytes = Infinity } = options;
  return {
    auth: {
      kind: 'bearer',
      users: { [user]: { password: token, mayNotPull: foreignPackages } },
      refusesScopes: true,
    },
    prepare: exchange => {
      assertHasReferrers(exchange);
      if (!isUploadPart(exchange)) return exchange;
      if (exchange.headers['content-range'] !== undefined && announcedBytes(exchange) > MAX_CHUNK_BYTES) {
        const message = 'the request body is too large and exceeds the maximum permissible limit of 4.00MiB';
        throw new Refusal(416, 'REQUESTED_RANGE_NOT_SATISFIABLE', message);
      }
      if (announcedBytes(exchange) > maxLayerBytes) {
        throw new Refusal(413, 'SIZE_INVALID', 'the layer is too large');
      }
      return { ...exchange, body: cutAfter(exchange, maxUploadBytes) };
    },
    change: (_, answer) => {
      const { 'oci-subject': subject, ...headers } = answer.headers ?? {};
      return subject === undefined ? answer : { ...answer, headers };
    },
  };
}

function assertHasReferrers({ url }: Exchange): void {
  if (url.pathname.includes('/referrers/')) throw new Refusal(404, 'NOT_FOUND', 'page not found');
}

async function* cutAfter(exchange: Exchange, maxBytes: number): AsyncGenerator<Uint8Array> {
  const upload = uploadOf(exchange);
  let receivedBytes = upload?.stored.receivedBytes ?? 0;
  for await (const chunk of exchange.body) {
    receivedBytes += chunk.byteLength;
    if (receivedBytes > maxBytes) {
      for (const [id, open] of exchange.registry.uploads) {
        if (open === upload) exchange.registry.uploads.delete(id);
      }
      throw new Error('the upload took too long');
    }
    yield chunk;
  }
}
