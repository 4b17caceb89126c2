import { type Answer, json, Refusal } from './answer';
import type { Exchange } from './exchange';
import { parse } from './manifests';

/** `GET /v2/_catalog`. */
export const listRepositories = ({ registry }: Exchange): Answer =>
  json(200, { repositories: registry.repositories.names() });

/** `GET /v2/<name>/tags/list?n=&last=`, in lexical order, with a `Link` to the next page. */
export function listTags({ registry, url }: Exchange, name: string): Answer {
  const content = registry.repositories.find(name);
  if (content === undefined) {
    throw new Refusal(404, 'NAME_UNKNOWN', 'repository name not known to registry');
  }
  const asked = Number(url.searchParams.get('n') ?? registry.tagsPerPage);
  const pageSize = Math.min(asked, registry.tagsPerPage);
  const last = url.searchParams.get('last') ?? '';
  const rest = [...content.tags.keys()].sort().filter(tag => tag > last);
  const tags = rest.slice(0, pageSize);
  const next = `/v2/${name}/tags/list?n=${pageSize}&last=${tags.at(-1) ?? ''}`;
  return json(200, { name, tags }, rest.length > tags.length ? { link: `<${next}>; rel="next"` } : {});
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
