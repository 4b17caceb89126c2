import { type Answer, json, Refusal } from './answer';
import type { Exchange } from './exchange';
import { parse } from './manifests';

/** `GET /v2/_catalog?n=&last=`, in lexical order. */
export const listRepositories = (exchange: Exchange): Answer =>
  answerPage(exchange, exchange.registry.repositories.names(), repositories => ({ repositories }));

/** `GET /v2/<name>/tags/list?n=&last=`, in lexical order. */
export function listTags(exchange: Exchange, name: string): Answer {
  const content = exchange.registry.repositories.find(name);
  if (content === undefined) {
    throw new Refusal(404, 'NAME_UNKNOWN', 'repository name not known to registry');
  }
  return answerPage(exchange, [...content.tags.keys()].sort(), tags => ({ name, tags }));
}

/** A page of a list, with a `Link` to the next one. */
function answerPage(
  { registry, url }: Exchange,
  all: readonly string[],
  write: (page: readonly string[]) => object,
): Answer {
  const asked = Number(url.searchParams.get('n') ?? registry.tagsPerPage);
  const size = Math.min(asked, registry.tagsPerPage);
  const after = url.searchParams.get('last') ?? '';
  const rest = all.filter(each => each > after);
  const page = rest.slice(0, size);
  const query = new URLSearchParams({ n: String(size), last: page.at(-1) ?? '' });
  const link = { link: `<${url.pathname}?${query.toString()}>; rel="next"` };
  return json(200, write(page), rest.length > page.length ? link : {});
}

/** `GET /v2/<name>/referrers/<digest>?artifactType=`. */
export async function listReferrers(
  { registry, url }: Exchange,
  name: string,
  digest: string,
): Promise<Answer> {
  const wanted = url.searchParams.get('artifactType');
  const manifests = [];
  for (const [referrer, { mediaType, subject }] of registry.repositories.find(name)?.manifests ?? []) {
    if (subject !== digest) continue;
    const bytes = Buffer.concat(await registry.blobs.read(referrer, 0).toArray());
    const { artifactType, config, annotations } = parse(bytes);
    const type = artifactType ?? config?.mediaType;
    if (wanted !== null && type !== wanted) continue;
    manifests.push({
      mediaType,
      digest: referrer,
      size: bytes.byteLength,
      artifactType: type,
      annotations,
    });
  }
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  return json(
    200,
    { schemaVersion: 2, mediaType, manifests },
    { 'content-type': mediaType, ...(wanted !== null && { 'oci-filters-applied': 'artifactType' }) },
  );
}
