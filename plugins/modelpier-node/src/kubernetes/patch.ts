import { formatObjectRef } from '@modelpier/backstage-plugin-modelpier-common';
import { parseObject } from './kubernetes-object';
import type { ObjectPatcher } from './ports';
import type { ReadContext } from './read';
import { resourcePath } from './resource-path';

/** JSON merge patch (RFC 7386). */
export function createPatcher({ api, kinds, namespace }: ReadContext): ObjectPatcher {
  const patchObject: ObjectPatcher['patchObject'] = async (ref, patch, { fieldManager, signal }) => {
    const shown = formatObjectRef(ref);
    const act = `patch ${shown}`;
    const { plural, namespaced } = await kinds.requireKind(ref.apiVersion, ref.kind, act, { signal });
    const within = namespaced ? (ref.namespace ?? namespace) : undefined;
    const path = resourcePath({ ...ref, plural, namespace: within });
    const body = { type: 'application/merge-patch+json', text: JSON.stringify(patch) };
    const reply = await api.call({ method: 'PATCH', path, query: { fieldManager }, body, act, signal });
    return parseObject(reply.json, shown);
  };
  return { patchObject };
}
