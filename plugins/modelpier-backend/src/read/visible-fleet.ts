import type { Knex } from 'knex';
import type { FleetRow } from '../database/rows';
import { isPostgres } from '../database/values';
import { UNKNOWN } from '../domain/fleet-row';

/** Entity references of models; `all` where none is left out. */
export type Models = 'all' | ReadonlySet<string>;

/** Of which models a caller may see what lists are filtered, sorted and summed by. */
export interface FleetSight {
  readonly versions: Models;
  readonly deployments: Models;
  readonly allocations: Models;
}
export type FleetPart = keyof FleetSight;
export const FLEET_PARTS: readonly FleetPart[] = ['versions', 'deployments', 'allocations'];

/** What stands in the columns of each part where it is hidden: the same as where it is not known. */
const HIDDEN = {
  versions: { versions: 0, newest_at: '', image_bytes: UNKNOWN, reuse_ratio: UNKNOWN },
  deployments: { place: '', health: UNKNOWN, ready: 0, desired: 0, drift: 0 },
  allocations: {
    cpu_requested: UNKNOWN,
    cpu_share: UNKNOWN,
    memory_requested: UNKNOWN,
    memory_share: UNKNOWN,
    gpu_requested: UNKNOWN,
    gpu_share: UNKNOWN,
  },
} as const satisfies Readonly<Record<FleetPart, Partial<FleetRow>>>;

/** The part that a column belongs to; `undefined` for what everybody sees who sees the model. */
export const partOf = (column: keyof FleetRow): FleetPart | undefined =>
  FLEET_PARTS.find(part => column in HIDDEN[part]);

/** The fleet as a caller sees it: a value that is hidden moves no row, fits no filter and adds to no sum. */
export function selectFleet(knex: Knex, sight: FleetSight): Knex.QueryBuilder {
  const restricted = FLEET_PARTS.filter(part => sight[part] !== 'all');
  if (restricted.length === 0) return knex('fleet');
  const marks = restricted.map(part => knex.raw('? as ??', [isOneOf(knex, sight[part]), markOf(part)]));
  const marked = knex('fleet').select('fleet.*', ...marks);
  const columns = FLEET_PARTS.flatMap(part =>
    Object.entries(HIDDEN[part]).map(([column, hidden]) =>
      sight[part] === 'all'
        ? column
        : knex.raw('case when ?? then ?? else ? end as ??', [markOf(part), column, hidden, column]),
    ),
  );
  const always = ['model_id', 'entity_ref', 'search', 'name', 'owner'];
  return knex.from(
    knex
      .from(marked.as('marked'))
      .select(...always, ...columns)
      .as('fleet'),
  );
}

const markOf = (part: FleetPart): string => `sees_${part}`;

/** As one parameter, whatever their number. */
export function isOneOf(knex: Knex, models: Models): Knex.Raw {
  if (models === 'all') return knex.raw('1 = 1');
  return knex.raw(
    isPostgres(knex)
      ? 'entity_ref in (select jsonb_array_elements_text(?::jsonb))'
      : 'entity_ref in (select value from json_each(?))',
    [JSON.stringify([...models])],
  );
}
