import { isDeepStrictEqual } from 'node:util';
import { type ApplyAction, formatObjectRef } from '@modelpier/backstage-plugin-modelpier-common';
import { parseObject } from './kubernetes-object';
import type { ApplyOptions, KubernetesObject, ObjectApplier } from './ports';
import type { ReadContext } from './read';
import { resourcePath } from './resource-path';

const CREATED = 201;
const FORBIDDEN = 403;
const NOT_FOUND = 404;

/** Server-side apply (https://kubernetes.io/docs/reference/using-api/server-side-apply/). */
export function createApplier({ api, kinds, namespace }: ReadContext): ObjectApplier {
  async function applyObject(
    object: KubernetesObject,
    { fieldManager, force = false, dryRun = false, signal }: ApplyOptions,
  ): Promise<{ action: ApplyAction; object: KubernetesObject }> {
    const { apiVersion, kind } = object;
    const { name } = object.metadata;
    const bare = formatObjectRef({ apiVersion, kind, namespace: object.metadata.namespace, name });
    const { plural, namespaced } = await kinds.requireKind(apiVersion, kind, `apply ${bare}`, { signal });
    const within = namespaced ? (object.metadata.namespace ?? namespace) : undefined;
    const shown = formatObjectRef({ apiVersion, kind, namespace: within, name });
    const path = resourcePath({ apiVersion, plural, namespace: within, name });

    // Who may patch but not read still gets an answer; only `unchanged` cannot be told then.
    const before = await api.call(
      { method: 'GET', path, act: `get ${shown}`, signal },
      { accept: [NOT_FOUND, FORBIDDEN] },
    );
    const query = {
      fieldManager,
      force: String(force),
      dryRun: dryRun ? 'All' : undefined,
      // Servers before 1.25 ignore the parameter and check the schema anyway.
      fieldValidation: 'Strict',
    };
    const body = { type: 'application/apply-patch+yaml', text: JSON.stringify(object) };
    const after = await api.call({ method: 'PATCH', path, query, body, act: `apply ${shown}`, signal });
    const action = judge(before.status, before.json, after.status, after.json);
    return { action, object: parseObject(after.json, shown) };
  }

  return { applyObject };
}

function judge(statusBefore: number, before: unknown, statusAfter: number, after: unknown): ApplyAction {
  if (statusAfter === CREATED || statusBefore === NOT_FOUND) return 'created';
  if (statusBefore === FORBIDDEN) return 'configured';
  return isDeepStrictEqual(wanted(before), wanted(after)) ? 'unchanged' : 'configured';
}

const BOOKKEEPING = new Set(['managedFields', 'resourceVersion', 'generation']);

/** What an apply can change: not the status, and not the bookkeeping that moves when a controller writes. */
function wanted(object: unknown): unknown {
  const { metadata, ...rest } = object as Record<string, unknown>;
  const kept = Object.entries(metadata as object).filter(([key]) => !BOOKKEEPING.has(key));
  return { ...rest, status: undefined, metadata: Object.fromEntries(kept) };
}
