import {
  formatObjectRef,
  ModelpierError,
  type ObjectRef,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Waiting } from '../registry/ports';
import type { Api } from './api';
import type { KindResolver } from './discovery';
import { type ObjectPage, parseObject, parsePage } from './kubernetes-object';
import type { KubernetesObject, ObjectReader, RawReader, Selection } from './ports';
import { resourcePath } from './resource-path';

/** The page size of client-go's reflector: small enough for etcd, large enough for few round trips. */
const PAGE_LIMIT = '500';
/** A list that expires again and again is changing faster than it can be read. */
const MOST_RESTARTS = 3;
/** Five times the pods that Kubernetes is built for; what goes on beyond is an answer without end. */
const MOST_PAGES = 2_000;
const GONE = 410;

export interface ReadContext {
  readonly api: Api;
  readonly kinds: KindResolver;
  readonly namespace: string;
}

export function createReader({ api, kinds, namespace }: ReadContext): ObjectReader & RawReader {
  async function getObject(ref: ObjectRef, { signal }: Waiting = {}): Promise<KubernetesObject | undefined> {
    const act = `get ${formatObjectRef(ref)}`;
    const { plural, namespaced } = await kinds.requireKind(ref.apiVersion, ref.kind, act, { signal });
    const within = namespaced ? (ref.namespace ?? namespace) : undefined;
    const path = resourcePath({ ...ref, plural, namespace: within });
    const reply = await api.call({ method: 'GET', path, act, signal }, { accept: [404] });
    return reply.status === 404 ? undefined : parseObject(reply.json, formatObjectRef(ref));
  }

  async function* listObjects(
    selection: Selection,
    options: Waiting = {},
  ): AsyncGenerator<KubernetesObject, void, undefined> {
    const seen = new Set<string>();
    for await (const page of listPages({ api, kinds }, selection, options)) {
      for (const object of page.items) {
        const id = object.metadata.uid ?? `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
        if (!seen.has(id)) yield object;
        seen.add(id);
      }
    }
  }

  async function getJson(
    path: string,
    { signal, maxBytes }: Waiting & { readonly maxBytes?: number } = {},
  ): Promise<unknown> {
    const [pathname = path, search = ''] = path.split('?', 2);
    const act = `get ${pathname}`;
    const query = Object.fromEntries(new URLSearchParams(search));
    const reply = await api.call({ method: 'GET', path: pathname, query, act, signal }, { maxBytes });
    try {
      // Some documents are JSON under another name: /openapi/v2 comes as text/plain (seen in 1.20).
      return reply.json ?? (JSON.parse(reply.text) as unknown);
    } catch {
      throw new ModelpierError('invalid-document', `${act}: the answer is not JSON`);
    }
  }

  return { getObject, listObjects, getJson };
}

export const describeSelection = ({ kind, namespace }: Selection): string =>
  namespace === undefined ? `${kind} of all namespaces` : `${kind} of namespace ${namespace}`;

/** Pages in order; begins again where the server forgot the first page's state (410), so pages may repeat. */
export async function* listPages(
  { api, kinds }: Pick<ReadContext, 'api' | 'kinds'>,
  selection: Selection,
  { signal }: Waiting,
): AsyncGenerator<ObjectPage, void, undefined> {
  const { apiVersion, kind, labelSelector, fieldSelector } = selection;
  const act = `list ${describeSelection(selection)}`;
  const { plural } = await kinds.requireKind(apiVersion, kind, act, { signal });
  const path = resourcePath({ apiVersion, plural, namespace: selection.namespace });
  let token: string | undefined;
  let restarts = 0;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const query = { limit: PAGE_LIMIT, continue: token, labelSelector, fieldSelector };
    const accept = token !== undefined && restarts < MOST_RESTARTS ? [GONE] : [];
    const reply = await api.call({ method: 'GET', path, query, act, signal }, { accept });
    if (reply.status === GONE) {
      restarts += 1;
      token = undefined;
      continue;
    }
    const page = parsePage(reply.json, apiVersion, kind);
    yield page;
    if (page.continue === undefined) return;
    if (page.continue === token) throw endless(act, 'the pages go in a circle');
    token = page.continue;
  }
  throw endless(act, `the list does not end after ${MOST_PAGES} pages`);
}

const endless = (act: string, reason: string): ModelpierError =>
  new ModelpierError('upstream', `${act}: ${reason}`, {
    hint: 'find out who answers in place of the API server',
  });
