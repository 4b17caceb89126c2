import type { ManagedFields, StoredObject } from '../object';
import { Refused } from '../refused';
import { same } from '../store';
import {
  decode,
  fromFieldsV1,
  ownable,
  pathsOf,
  printPath,
  removeAt,
  toFieldsV1,
  valueAt,
} from './field-path';
import { merge } from './merge';

export interface Manager {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly time: string;
}

type Sets = Map<string, { readonly entry: ManagedFields; paths: Set<string> }>;

const setsOf = (object: StoredObject | undefined): Sets =>
  new Map(
    (object?.metadata.managedFields ?? []).map(entry => [
      idOf(entry),
      { entry, paths: fromFieldsV1(entry.fieldsV1) },
    ]),
  );

const idOf = ({ manager, operation }: Pick<ManagedFields, 'manager' | 'operation'>): string =>
  `${operation} ${manager}`;

export interface ApplyIntent {
  readonly live: StoredObject | undefined;
  readonly applied: StoredObject;
  readonly manager: Manager;
  readonly force: boolean;
}

/**
 * Server-side apply: what `applied` sets is laid over the object, what its manager set before and does
 * not name now is taken out where nobody else owns it, and another's different value is a conflict.
 */
export function applyFields({ live, applied, manager, force }: ApplyIntent): StoredObject {
  const sets = setsOf(live);
  const id = idOf({ manager: manager.name, operation: manager.operation });
  const wanted = pathsOf(ownable(applied));
  const before = sets.get(id)?.paths ?? new Set<string>();
  const conflicts = findConflicts(sets, id, { live, applied, wanted });
  if (conflicts.length > 0 && !force) throw conflictError(conflicts);
  for (const { owner, path } of conflicts) sets.get(owner)?.paths.delete(path);

  const merged = merge(live ?? applied, withoutSystemFields(applied)) as StoredObject;
  const result = structuredClone({
    ...merged,
    metadata: { ...applied.metadata, ...live?.metadata, ...merged.metadata },
  });
  const othersOwn = new Set([...sets].flatMap(([owner, { paths }]) => (owner === id ? [] : [...paths])));
  for (const path of before) {
    if (!wanted.has(path) && !othersOwn.has(path)) removeAt(result, decode(path));
  }
  return withManagers(result, sets, { id, manager, paths: wanted });
}

/** A write that is not an apply: whoever changes a value owns it from then on; managed fields that it brings count. */
export function updateFields(
  before: StoredObject | undefined,
  after: StoredObject,
  manager: Manager,
): StoredObject {
  const isTold = (after.metadata.managedFields ?? []).length > 0;
  const sets = setsOf(isTold ? after : before);
  const id = idOf({ manager: manager.name, operation: manager.operation });
  const now = ownable(after);
  const then = before === undefined ? {} : ownable(before);
  const paths = pathsOf(now);
  const changed = [...paths].filter(path => !same(valueAt(now, decode(path)), valueAt(then, decode(path))));
  const own = new Set(changed);
  for (const [owner, set] of sets) {
    for (const path of set.paths) {
      const stays = paths.has(path) || valueAt(now, decode(path)) !== undefined;
      if (!stays || (owner !== id && own.has(path))) set.paths.delete(path);
      else if (owner === id) own.add(path);
    }
  }
  return withManagers(structuredClone(after), sets, { id, manager, paths: own });
}

interface Conflict {
  readonly owner: string;
  readonly path: string;
  readonly manager: string;
}

function findConflicts(
  sets: Sets,
  id: string,
  {
    live,
    applied,
    wanted,
  }: { live: StoredObject | undefined; applied: StoredObject; wanted: ReadonlySet<string> },
): Conflict[] {
  const found: Conflict[] = [];
  for (const path of wanted) {
    const steps = decode(path);
    if (steps.at(-1) === '.' || same(valueAt(live, steps), valueAt(applied, steps))) continue;
    for (const [owner, { entry, paths }] of sets) {
      if (owner !== id && paths.has(path)) found.push({ owner, path, manager: entry.manager });
    }
  }
  return found;
}

function conflictError(conflicts: readonly Conflict[]): Refused {
  const causes = conflicts.map(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with "${manager}"`,
    field: printPath(decode(path)),
  }));
  const listed =
    causes.length === 1
      ? causes.map(({ message, field }) => `${message}: ${field}`).join('')
      : causes.map(({ message, field }) => `${message}:\n- ${field}`).join('\n');
  const noun = causes.length === 1 ? 'conflict' : 'conflicts';
  return new Refused(409, 'Conflict', `Apply failed with ${causes.length} ${noun}: ${listed}`, { causes });
}

const withoutSystemFields = (applied: StoredObject): StoredObject => ({
  ...(ownable(applied) as unknown as StoredObject),
  apiVersion: applied.apiVersion,
  kind: applied.kind,
});

/** The time of an entry tells when its set last changed, so an apply without effect leaves it alone. */
function withManagers(
  object: StoredObject,
  sets: Sets,
  { id, manager, paths }: { id: string; manager: Manager; paths: Set<string> },
): StoredObject {
  const known = sets.get(id)?.entry;
  const fieldsV1 = toFieldsV1(paths);
  const { name, operation, apiVersion, time } = manager;
  const own: ManagedFields = { manager: name, operation, apiVersion, time, fieldsType: 'FieldsV1', fieldsV1 };
  const unchanged = known !== undefined && same(known.fieldsV1, fieldsV1);
  const entries = [...sets]
    .filter(([owner]) => owner !== id)
    .map(([, { entry, paths: left }]) => ({ ...entry, fieldsV1: toFieldsV1(left) }))
    .concat(unchanged ? [{ ...known }] : [own])
    .filter(entry => Object.keys(entry.fieldsV1).length > 0)
    .sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  object.metadata.managedFields = entries;
  return object;
}
