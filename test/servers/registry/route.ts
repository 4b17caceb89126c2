import { type Answer, empty, json, Refusal } from './answer';
import { serveBlob } from './blobs';
import type { Exchange } from './exchange';
import { listReferrers, listRepositories, listTags } from './lists';
import { serveManifest } from './manifests';
import { beginUpload, continueUpload } from './uploads';

/** The repository that a path is about; `undefined` for `/v2/` and the catalog. */
export const repositoryOf = (path: string): string | undefined =>
  /^\/v2\/(.+)\/(?:blobs|manifests|tags|referrers)\//.exec(path)?.[1];

/** Finds who answers (distribution-spec, "Endpoints"). */
export async function answer(exchange: Exchange): Promise<Answer> {
  const path = exchange.url.pathname;
  if (path === '/v2/' || path === '/v2') return json(200, {});
  if (path === '/v2/_catalog') return listRepositories(exchange);
  const name = repositoryOf(path);
  return name === undefined ? empty(404) : answerIn(exchange, name);
}

async function answerIn(exchange: Exchange, name: string): Promise<Answer> {
  const rest = exchange.url.pathname.slice(`/v2/${name}/`.length);
  const [kind, first = '', second] = rest.split('/');
  switch (kind) {
    case 'blobs':
      if (first !== 'uploads') return serveBlob(exchange, name, first);
      return second === undefined || second === ''
        ? beginUpload(exchange, name)
        : continueUpload(exchange, name, second);
    case 'manifests':
      return serveManifest(exchange, name, first);
    case 'tags':
      return listTags(exchange, name);
    case 'referrers':
      return listReferrers(exchange, name, first);
    default:
      throw new Refusal(404, 'UNSUPPORTED', 'no such endpoint');
  }
}
