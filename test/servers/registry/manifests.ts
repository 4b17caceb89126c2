import { createHash } from 'node:crypto';
import { type Answer, empty, Refusal } from './answer';
import { readAll } from './body';
import type { Exchange } from './exchange';
import type { RepositoryContent } from './repositories';

const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
const IS_DIGEST = /^sha256:[0-9a-f]{64}$/;

/** `/v2/<name>/manifests/<tag or digest>`. */
export async function serveManifest(exchange: Exchange, name: string, tagOrDigest: string): Promise<Answer> {
  if (exchange.method === 'PUT') return putManifest(exchange, name, tagOrDigest);
  const { digest, mediaType, sizeBytes } = await find(exchange, name, tagOrDigest);
  const headers = {
    'content-type': mediaType,
    'content-length': String(sizeBytes),
    'docker-content-digest': digest,
  };
  switch (exchange.method) {
    case 'HEAD':
      return { status: 200, headers };
    case 'GET':
      return { status: 200, headers, body: exchange.registry.blobs.read(digest, 0) };
    case 'DELETE':
      await exchange.registry.repositories.change(name, found => remove(found, tagOrDigest));
      return empty(202);
    default:
      throw new Refusal(405, 'UNSUPPORTED', 'The operation is unsupported.');
  }
}

async function find(
  { registry }: Exchange,
  name: string,
  tagOrDigest: string,
): Promise<{ readonly digest: string; readonly mediaType: string; readonly sizeBytes: number }> {
  const content = registry.repositories.find(name);
  const digest = IS_DIGEST.test(tagOrDigest) ? tagOrDigest : (content?.tags.get(tagOrDigest) ?? '');
  const link = content?.manifests.get(digest);
  const sizeBytes = await registry.blobs.sizeOf(digest);
  if (link === undefined || sizeBytes === undefined) {
    throw new Refusal(404, 'MANIFEST_UNKNOWN', 'manifest unknown');
  }
  return { digest, mediaType: link.mediaType, sizeBytes };
}

function remove(content: RepositoryContent, tagOrDigest: string): void {
  content.tags.delete(tagOrDigest);
  if (!content.manifests.delete(tagOrDigest)) return;
  for (const [tag, digest] of content.tags) if (digest === tagOrDigest) content.tags.delete(tag);
}

async function putManifest(exchange: Exchange, name: string, tagOrDigest: string): Promise<Answer> {
  const { registry } = exchange;
  const bytes = await readAll(exchange.body, MAX_MANIFEST_BYTES);
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  if (tagOrDigest.includes(':') && tagOrDigest !== digest) {
    throw new Refusal(400, 'DIGEST_INVALID', 'provided digest did not match uploaded content');
  }
  const document = parse(bytes);
  const mediaType = exchange.headers['content-type'] ?? document.mediaType ?? '';
  if (document.mediaType !== undefined && document.mediaType !== mediaType) {
    throw new Refusal(400, 'MANIFEST_INVALID', 'the Content-Type is not the mediaType of the manifest');
  }
  assertComplete(document, registry.repositories.find(name));
  await registry.blobs.put(digest, bytes);
  const subject = document.subject?.digest;
  await registry.repositories.change(name, ({ manifests, tags }) => {
    manifests.set(digest, { mediaType, subject, blobs: blobsOf(document).map(blob => blob.digest) });
    if (!IS_DIGEST.test(tagOrDigest)) tags.set(tagOrDigest, digest);
  });
  return empty(201, {
    location: `/v2/${name}/manifests/${digest}`,
    'docker-content-digest': digest,
    ...(subject !== undefined && { 'oci-subject': subject }),
  });
}

/** The fields that a registry looks at. */
export interface AnyManifest {
  readonly mediaType?: string;
  readonly artifactType?: string;
  readonly config?: Pointer;
  readonly layers?: readonly Pointer[];
  readonly manifests?: readonly Pointer[];
  readonly subject?: Pointer;
  readonly annotations?: Readonly<Record<string, string>>;
}
interface Pointer {
  readonly mediaType: string;
  readonly digest: string;
  readonly urls?: readonly string[];
}

export function parse(bytes: Uint8Array): AnyManifest {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as AnyManifest;
  } catch {
    throw new Refusal(400, 'MANIFEST_INVALID', 'manifest invalid');
  }
}

const blobsOf = ({ config, layers = [] }: AnyManifest): readonly Pointer[] =>
  [config, ...layers].filter(pointer => pointer !== undefined);

/** A manifest may only name what its repository has; a subject may come later. */
function assertComplete(document: AnyManifest, content: RepositoryContent | undefined): void {
  const absent = [
    ...blobsOf(document).filter(({ digest, urls }) => urls === undefined && !content?.blobs.has(digest)),
    ...(document.manifests ?? []).filter(({ digest }) => !content?.manifests.has(digest)),
  ];
  if (absent.length === 0) return;
  const names = absent.map(({ digest }) => digest).join(', ');
  throw new Refusal(400, 'MANIFEST_BLOB_UNKNOWN', `blob unknown to registry: ${names}`);
}
