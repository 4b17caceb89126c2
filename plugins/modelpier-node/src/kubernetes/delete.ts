import { formatObjectRef } from '@modelpier/backstage-plugin-modelpier-common';
import type { ObjectDeleter } from './ports';
import type { ReadContext } from './read';
import { resourcePath } from './resource-path';

const NOT_FOUND = 404;

export function createDeleter({ api, kinds, namespace }: ReadContext): ObjectDeleter {
  const deleteObject: ObjectDeleter['deleteObject'] = async (ref, { uid, signal } = {}) => {
    const act = `delete ${formatObjectRef(ref)}`;
    const { plural, namespaced } = await kinds.requireKind(ref.apiVersion, ref.kind, act, { signal });
    const within = namespaced ? (ref.namespace ?? namespace) : undefined;
    const path = resourcePath({ ...ref, plural, namespace: within });
    const options = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy: 'Background',
      preconditions: { uid },
    };
    const body = { type: 'application/json', text: JSON.stringify(options) };
    const reply = await api.call({ method: 'DELETE', path, body, act, signal }, { accept: [NOT_FOUND] });
    return reply.status !== NOT_FOUND;
  };
  return { deleteObject };
}
