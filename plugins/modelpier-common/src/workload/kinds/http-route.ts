import { type Decoded, list, object, optional, parseWith, text } from '../../parse/decoder';
import { findCondition } from '../conditions';
import { conditions, metadata } from '../metadata';
import type { Status } from '../status';
import { verdict } from '../verdict';

const parent = object({ parentRef: optional(object({ name: optional(text) })), conditions });
type Parent = Decoded<typeof parent>;

/** The fields of an HTTPRoute that health reads (gateway.networking.k8s.io/v1). */
const httpRoute = object({
  metadata,
  status: optional(
    object({
      parents: optional(list(parent)),
    }),
  ),
});

const WANTED = ['Accepted', 'ResolvedRefs'] as const;

export function httpRouteHealth(value: unknown): Status {
  const { metadata: about, status } = parseWith(httpRoute, value, 'HTTPRoute');
  const parents = status?.parents ?? [];
  if (parents.length === 0) return verdict('InProgress', 'NoParent', 'no gateway has taken it up yet');
  const lacks = parents.flatMap(parent =>
    WANTED.flatMap(type => lackOf(parent, type, about.generation) ?? []),
  );
  return lacks[0] ?? verdict('Current', 'Accepted', 'every gateway has accepted it');
}

function lackOf({ parentRef, conditions: said }: Parent, type: string, generation = 0): Status | undefined {
  const found = findCondition(said, type);
  const inProgress = (reason: string, why: string): Status =>
    verdict('InProgress', reason, `gateway ${parentRef?.name ?? ''}: not ${type}: ${why}`);
  if (found === undefined) return inProgress(`Not${type}`, 'nothing said yet');
  const { status, reason = `Not${type}`, message = reason, observedGeneration = generation } = found;
  if (observedGeneration < generation)
    return inProgress('GenerationNotObserved', 'the change is not seen yet');
  return status === 'True' ? undefined : inProgress(reason, message);
}
